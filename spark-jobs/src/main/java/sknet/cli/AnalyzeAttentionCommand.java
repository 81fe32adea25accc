package sknet.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sknet.analyze.AnalysisDirectory;
import sknet.analyze.AnalysisDirectory.Existing;
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
        SparkConf conf = SparkSessions.conf("sknet analyze attention " + checkpoint);
        EvaluationMemory.set(conf, settings, checkpoint);
        try (JavaSparkContext spark = SparkSessions.open(conf)) {
            System.out.println("written to " + analyze(spark, settings));
        }
        return 0;
    }

    /** Returns the page's path. */
    Path analyze(JavaSparkContext spark, Settings settings) throws IOException {
        AnalysisDirectory directory = AnalysisDirectory.at(Storage.connect(spark.hadoopConfiguration(), new Path(output)), new Path(output),
            overwrite ? Existing.REPLACE : Existing.REFUSE);
        FileSystem fileSystem = Storage.connect(spark.hadoopConfiguration(), new Path(checkpoint));
        return new AttentionAnalysis(data, scales, Optional.ofNullable(images), examples, classes, weights.kind())
            .run(spark, settings, Training.checkpoint(fileSystem, new Path(checkpoint)), directory);
    }
}
