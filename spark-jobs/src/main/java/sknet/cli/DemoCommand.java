package sknet.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sknet.data.prepare.Encoding;
import sknet.data.prepare.IdxSource;
import sknet.data.prepare.PrepareOptions.Overwrite;
import sknet.data.shard.DatasetManifest;
import sknet.demo.FashionMnist;
import sknet.evaluate.Summary;
import sknet.hdfs.EmbeddedHdfs;

/** {@code sknet demo}: the whole service on one machine, by the same jobs that a cluster runs. */
@Command(name = "demo", mixinStandardHelpOptions = true,
    description = "Starts HDFS on this machine, shards Fashion-MNIST into it, trains a small SKNet in 3 runs, evaluates them and writes "
        + "a report. Given again after a stop, it goes on where it was.")
final class DemoCommand implements Callable<Integer> {

    private static final IdxSource.Limit QUICK = new IdxSource.Limit(6_000, 2_000);
    /** Small, so that the data set is spread over several blocks. */
    private static final long BLOCK_BYTES = 4 << 20;

    @Option(names = "--work", paramLabel = "DIR", defaultValue = "demo-work",
        description = "Where HDFS and the report go (default: ${DEFAULT-VALUE}).")
    private Path work;

    @Option(names = "--source", paramLabel = "DIR",
        description = "Where the four IDX files are (default: where Debian's package dataset-fashion-mnist puts them).")
    private Path source = FashionMnist.DEBIAN_SOURCE;

    @Option(names = "--quick", description = "A shorter training on fewer images, to see that everything works.")
    private boolean quick;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        Settings settings = quick ? common.settings("demo.conf", "demo-quick.conf") : common.settings("demo.conf");
        Path directory = work.toAbsolutePath().normalize();
        Files.createDirectories(directory);
        Stopwatch watch = new Stopwatch();

        IdxSource images = FashionMnist.in(source.toAbsolutePath(), quick ? QUICK : IdxSource.Limit.NONE);
        try (EmbeddedHdfs hdfs = EmbeddedHdfs.start(directory.resolve("hdfs"), BLOCK_BYTES)) {
            String data = hdfs.uri() + "/data/fashion-mnist";
            String runs = hdfs.uri() + "/runs/" + settings.model().name();
            watch.lap("HDFS");
            try (JavaSparkContext spark = SparkSessions.open("sknet demo", hdfs.clientSettings()); StopSignal signal = StopSignal.listen()) {
                watch.lap("Spark");
                if (!isPrepared(spark, data)) {
                    PrepareArguments.prepare(spark, settings.prepare(), images, Encoding.ORIGINAL, data, Overwrite.REFUSE);
                }
                watch.lap("sharding");
                TrainCommand.train(spark, settings, data, runs, signal.wish());
                if (signal.isWanted()) {
                    return 0;
                }
                watch.lap("training");
                EvaluateCommand.evaluate(spark, settings, data, runs, EvaluateCommand.Checkpoints.EVERY, Optional.empty());
                watch.lap("evaluation");
                finish(spark, runs, directory);
            }
        }
        System.out.println(watch);
        return 0;
    }

    private static boolean isPrepared(JavaSparkContext spark, String data) throws IOException {
        org.apache.hadoop.fs.Path manifest = new org.apache.hadoop.fs.Path(data, DatasetManifest.FILE_NAME);
        return manifest.getFileSystem(spark.hadoopConfiguration()).exists(manifest);
    }

    private static void finish(JavaSparkContext spark, String runs, Path directory) throws IOException {
        ReportCommand.write(spark.hadoopConfiguration(), runs, directory.resolve("report.html"));
        org.apache.hadoop.fs.Path summary = new org.apache.hadoop.fs.Path(runs, Summary.FILE);
        FileSystem fileSystem = summary.getFileSystem(spark.hadoopConfiguration());
        Files.deleteIfExists(directory.resolve("result.json"));
        try (var in = fileSystem.open(summary)) {
            Files.copy(in, directory.resolve("result.json"));
        }
        System.out.println("report: " + directory.resolve("report.html"));
        System.out.println("result: " + directory.resolve("result.json"));
    }

    /** How long each part took. */
    private static final class Stopwatch {

        private final StringBuilder laps = new StringBuilder("seconds:");
        private long lapStart = System.nanoTime();

        void lap(String name) {
            long now = System.nanoTime();
            laps.append(String.format(Locale.ROOT, " %s %.0f", name, (now - lapStart) / 1e9));
            lapStart = now;
        }

        @Override
        public String toString() {
            return laps.toString();
        }
    }
}
