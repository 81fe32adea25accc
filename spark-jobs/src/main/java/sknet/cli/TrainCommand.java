package sknet.cli;

import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sknet.checkpoint.ParameterHash;
import sknet.checkpoint.Retention;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.Storage;
import sknet.evaluate.EvaluationResult;
import sknet.train.EpochMetrics;
import sknet.train.History;
import sknet.train.ReadingPlan;
import sknet.train.RunPolicy;
import sknet.train.SynchronousTrainingMaster;
import sknet.train.TrainingObserver;
import sknet.train.TrainingPlan;

/** {@code sknet train}. */
@Command(name = "train", mixinStandardHelpOptions = true,
    description = "Trains a model by exact synchronous SGD, in one run a seed. A run that was stopped goes on from its newest "
        + "checkpoint when the same command is given again.")
final class TrainCommand implements Callable<Integer> {

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "A data set that 'sknet prepare' wrote.")
    private String data;

    @Option(names = "--output", required = true, paramLabel = "DIR",
        description = "Where the runs go, like hdfs://namenode:8020/runs/sknet-50; run N in DIR/run-SEED.")
    private String output;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        Settings settings = common.settings();
        try (JavaSparkContext spark = SparkSessions.open("sknet train " + settings.model().name())) {
            train(spark, settings, data, output);
        }
        return 0;
    }

    static void train(JavaSparkContext spark, Settings settings, String data, String output) throws IOException {
        Path dataset = new Path(data);
        FileSystem dataFileSystem = Storage.connect(spark.hadoopConfiguration(), dataset);
        DatasetManifest manifest = DatasetManifest.read(dataFileSystem, dataset);
        FileSystem fileSystem = Storage.connect(spark.hadoopConfiguration(), new Path(output));
        int executors = SparkSessions.executors(spark, settings.train().executors());
        for (int run = 0; run < settings.train().runs(); run++) {
            long seed = settings.train().seed() + run;
            Path directory = fileSystem.makeQualified(Training.runDirectory(new Path(output), seed));
            TrainingPlan plan = plan(settings, dataFileSystem.makeQualified(dataset), manifest, directory, seed);
            ComputationGraph network = Networks.build(settings, manifest, plan);
            String task = String.format("run %d of %d (seed %d)", run + 1, settings.train().runs(), seed);
            try (Progress progress = Progress.start(task)) {
                TrainingObserver observer = new TrainingProgress(progress, plan.epochs());
                RunPolicy policy = new RunPolicy(settings.train().maxRestarts(), new Retention(settings.train().keepCheckpoints()),
                    () -> EvaluationResult.best(fileSystem, directory));
                SynchronousTrainingMaster.fit(spark, network, new SynchronousTrainingMaster(plan, executors, policy, observer));
            }
            System.out.printf(Locale.ROOT, "%s is trained: %s, parameters %s, waited for data %.1f %%%n", task, directory,
                ParameterHash.of(network.params()).substring(0, 12), 100 * EpochMetrics.dataShare(new History(fileSystem, directory).read()));
        }
    }

    static TrainingPlan plan(Settings settings, Path dataset, DatasetManifest manifest, Path directory, long seed) {
        Settings.Train train = settings.train();
        int imageSize = settings.model().imageSize();
        ReadingPlan reading = settings.data().readingPlan(manifest.split(DatasetManifest.TRAIN), train.cacheBytes());
        return new TrainingPlan(dataset.toString(), directory.toString(), train.epochs(), settings.batch().microBatches(),
            settings.batch().microBatchSize(), settings.augmentation().transform(imageSize), imageSize, seed,
            settings.optimizer().stepOptions(), reading, train.checkpointEverySteps(), train.checkpointInterval(),
            train.reportEverySteps(), train.wire(), train.syncTimeout(), train.storageTimeout(),
            Provenance.of(settings, dataset, manifest, reading, seed));
    }
}
