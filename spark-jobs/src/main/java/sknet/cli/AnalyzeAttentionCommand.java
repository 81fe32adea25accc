package sknet.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sknet.analyze.AnalysisDirectory;
import sknet.analyze.AnalysisDirectory.Existing;
import sknet.analyze.AttentionJob;
import sknet.analyze.AttentionPlan;
import sknet.analyze.AttentionReport;
import sknet.analyze.AttentionResult;
import sknet.analyze.SelectiveUnit;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.CheckpointStore;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.Storage;

/** {@code sknet analyze attention}. */
@Command(name = "attention", mixinStandardHelpOptions = true,
    description = "Shows the validation images to a network with their central object at several sizes, and how its SK units shift their attention "
        + "among kernels (section 4.4 of the paper): tables in Parquet, pictures in SVG, and a page with all of them.")
final class AnalyzeAttentionCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "CHECKPOINT", description = "A checkpoint file, or train's --output for the newest of its run.")
    private String checkpoint;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "A data set that 'sknet prepare' wrote.")
    private String data;

    @Option(names = "--output", required = true, paramLabel = "DIR",
        description = "Where the result goes: on HDFS, or another file system that driver and executors share.")
    private String output;

    @Option(names = "--scales", split = ",", defaultValue = "1,1.5,2", paramLabel = "S",
        description = "How many times to enlarge the central object (default: ${DEFAULT-VALUE}).")
    private List<Double> scales;

    @Option(names = "--images", paramLabel = "N", description = "Only the first N images, which 'sknet prepare' has shuffled (default: all).")
    private Integer images;

    @Option(names = "--examples", paramLabel = "N", defaultValue = "4", description = "Images to show one by one (default: ${DEFAULT-VALUE}).")
    private int examples;

    @Option(names = "--classes", split = ",", paramLabel = "NAME", description = "The classes to draw (default: all); the tables have all.")
    private List<String> classes = List.of();

    @Option(names = "--overwrite", description = "Replace an analysis that is there.")
    private boolean overwrite;

    @Mixin
    private WeightsOption weights;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        Settings settings = common.settings();
        try (JavaSparkContext spark = SparkSessions.open("sknet analyze attention " + checkpoint)) {
            System.out.println("written to " + analyze(spark, settings));
        }
        return 0;
    }

    /** Returns the page's path. */
    Path analyze(JavaSparkContext spark, Settings settings) throws IOException {
        AnalysisDirectory directory = AnalysisDirectory.at(Storage.connect(spark.hadoopConfiguration(), new Path(output)), new Path(output),
            overwrite ? Existing.REPLACE : Existing.REFUSE);
        DatasetManifest manifest = DatasetManifest.read(Storage.connect(spark.hadoopConfiguration(), new Path(data)), new Path(data));
        List<Integer> labels = labels(manifest);
        FileSystem fileSystem = Storage.connect(spark.hadoopConfiguration(), new Path(checkpoint));
        Path path = Training.checkpoint(fileSystem, new Path(checkpoint));
        Checkpoint read = CheckpointStore.read(fileSystem, path);
        AttentionJob job = new AttentionJob(spark, plan(settings, path, read, manifest.split(DatasetManifest.VAL).records()));
        AttentionResult result = job.run(read, SparkSessions.executors(spark, settings.train().executors()));
        return AttentionReport.of(result, path.toString(), read.info(), labels)
            .write(SparkSession.builder().sparkContext(spark.sc()).getOrCreate(), directory);
    }

    private AttentionPlan plan(Settings settings, Path path, Checkpoint read, int records) {
        List<SelectiveUnit> units = SelectiveUnit.of(ComputationGraphConfiguration.fromJson(read.configurationJson()));
        if (units.isEmpty()) {
            throw new IllegalArgumentException("Cannot analyze the attention of " + path + ": "
                + read.info().provenance().getOrDefault("model.name", "its network") + " has no SK units (expected a network that selects among "
                + "kernels, like sknet-50, sknet-29, sknet-50-k3-k5-k7 or shufflenetv2-1.0-sk)");
        }
        int count = images == null ? records : images;
        return new AttentionPlan(data, Evaluation.crops(settings.evaluate(), read.info().provenance()).get(0), scales, units,
            weights.kind().orElse(read.preferredWeights()), count, Math.min(examples, count), settings.evaluate().batchSize(),
            settings.train().cacheBytes());
    }

    private List<Integer> labels(DatasetManifest manifest) {
        if (classes.isEmpty()) {
            return IntStream.range(0, manifest.classes().size()).boxed().toList();
        }
        List<String> unknown = new ArrayList<>(classes);
        unknown.removeAll(manifest.classes());
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("Cannot draw classes " + unknown + ": " + data + " has none of that name (expected some of "
                + "those that './sknet data show' lists)");
        }
        return classes.stream().map(manifest.classes()::indexOf).toList();
    }
}
