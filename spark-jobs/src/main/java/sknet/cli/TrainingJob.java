package sknet.cli;

import java.io.IOException;
import java.util.Locale;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.ParameterHash;
import sknet.checkpoint.Retention;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.Storage;
import sknet.evaluate.EvaluationResult;
import sknet.train.EpochMetrics;
import sknet.train.ExecutorMemory;
import sknet.train.History;
import sknet.train.JobLabel;
import sknet.train.ReadingPlan;
import sknet.train.RunPolicy;
import sknet.train.StopWish;
import sknet.train.SynchronousTrainingMaster;
import sknet.train.TrainingObserver;
import sknet.train.TrainingPlan;

/**
 * Trains runs of one model on one data set.
 *
 * @param settings the model and its recipe
 * @param dataset  the prepared data set's URI
 * @param manifest its manifest
 */
record TrainingJob(Settings settings, Path dataset, DatasetManifest manifest) {

    /** @throws IOException if there is no data set */
    static TrainingJob of(Configuration hadoop, Settings settings, String data) throws IOException {
        FileSystem fileSystem = Storage.connect(hadoop, new Path(data));
        return new TrainingJob(settings, fileSystem.makeQualified(new Path(data)), DatasetManifest.read(fileSystem, new Path(data)));
    }

    /** Trains one run to its end, or until it is told to stop, from its newest checkpoint if it has one. */
    void run(JavaSparkContext spark, String task, Path directory, long seed, StopWish stop) throws IOException {
        FileSystem fileSystem = directory.getFileSystem(spark.hadoopConfiguration());
        TrainingPlan plan = plan(directory, seed);
        ComputationGraph network = Networks.build(settings, manifest, plan);
        try (Progress progress = Progress.start(task);
             JobLabel label = JobLabel.of(spark, directory.toString(), "train " + settings.model().name() + ", " + task)) {
            TrainingObserver observer = new TrainingProgress(progress, plan.epochs());
            RunPolicy policy = new RunPolicy(settings.train().maxRestarts(), new Retention(settings.train().keepCheckpoints()),
                () -> EvaluationResult.best(fileSystem, directory), stop);
            int executors = SparkSessions.executors(spark.getConf(), settings.train().executors());
            SynchronousTrainingMaster.fit(spark, network, new SynchronousTrainingMaster(plan, executors, policy, observer));
        }
        if (stop.isTold() && CheckpointStore.info(fileSystem, Training.newest(fileSystem, directory)).position().epoch() < plan.epochs()) {
            System.out.println(task + " is stopped at " + Training.newest(fileSystem, directory) + ": the same command goes on from there");
            return;
        }
        System.out.printf(Locale.ROOT, "%s is trained: %s, parameters %s, waited for data %.1f %%%n", task, directory,
            ParameterHash.of(network.params()).substring(0, 12), 100 * EpochMetrics.dataShare(new History(fileSystem, directory).read()));
    }

    TrainingPlan plan(Path directory, long seed) {
        Settings.Train train = settings.train();
        int imageSize = settings.model().imageSize();
        ReadingPlan reading = settings.data().readingPlan(manifest.split(DatasetManifest.TRAIN), train.cacheBytes());
        return new TrainingPlan(dataset.toString(), directory.toString(), train.epochs(), settings.batch().microBatches(),
            settings.batch().microBatchSize(), settings.augmentation().transform(imageSize), imageSize, seed,
            settings.optimizer().stepOptions(), reading, train.checkpointEverySteps(), train.checkpointInterval(),
            train.reportEverySteps(), train.wire(), train.syncTimeout(), train.storageTimeout(),
            Provenance.of(settings, dataset, manifest, reading, seed));
    }

    /** What each of so many executors needs. */
    ExecutorMemory memory(int executors) {
        return ExecutorMemory.ofTraining(Networks.complexity(settings.model(), manifest.classes().size()), settings.model().precision(),
            plan(dataset, settings.train().seed()), manifest.split(DatasetManifest.TRAIN), executors);
    }
}
