package sknet.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sknet.data.shard.Storage;
import sknet.train.StopWish;

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
        SparkConf conf = SparkSessions.conf("sknet train " + settings.model().name());
        TrainingJob job = TrainingJob.of(SparkSessions.hadoop(conf), settings, data);
        MemorySettings.set(conf, "train " + settings.model().name(), job.memory(SparkSessions.executors(conf, settings.train().executors())));
        try (JavaSparkContext spark = SparkSessions.open(conf); StopSignal signal = StopSignal.listen()) {
            train(spark, settings, data, output, signal.wish());
        }
        return 0;
    }

    /** Trains all runs, or until it is told to stop. */
    static void train(JavaSparkContext spark, Settings settings, String data, String output, StopWish stop) throws IOException {
        TrainingJob job = TrainingJob.of(spark.hadoopConfiguration(), settings, data);
        FileSystem fileSystem = Storage.connect(spark.hadoopConfiguration(), new Path(output));
        for (int run = 0; run < settings.train().runs() && !stop.isTold(); run++) {
            long seed = settings.train().seed() + run;
            Path directory = fileSystem.makeQualified(Training.runDirectory(new Path(output), seed));
            job.run(spark, String.format("run %d of %d (seed %d)", run + 1, settings.train().runs(), seed), directory, seed, stop);
        }
    }
}
