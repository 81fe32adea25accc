package sknet.cli;

import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sknet.data.prepare.Encoding;
import sknet.data.prepare.Preparation;
import sknet.data.prepare.PrepareOptions;
import sknet.data.prepare.PrepareOptions.Overwrite;
import sknet.data.prepare.Source;
import sknet.data.shard.DatasetManifest;
import sknet.train.JobLabel;

/** What every kind of preparation takes beside its source and output. */
final class PrepareArguments {

    /** What OUTPUT is; an argument's place is each command's own. */
    static final String OUTPUT = "The data set's directory, like hdfs://namenode:8020/data/flowers.";

    @Option(names = "--overwrite", description = "Replace a data set that is there.")
    private boolean overwrite;

    @Option(names = "--resize", paramLabel = "N", defaultValue = "0", description = "Make the shorter side of larger images N pixels and"
        + " store them as JPEG (default: store the bytes as they are).")
    private int shorterSide;

    @Option(names = "--quality", paramLabel = "Q", defaultValue = "0.95",
        description = "Of the JPEG of --resize, above 0 to 1 (default: ${DEFAULT-VALUE}).")
    private double quality;

    @Mixin
    private CommonOptions common;

    /** Runs the command and returns its exit code. */
    int run(Source source, String output) {
        Settings settings = common.settings();
        Encoding encoding = shorterSide == 0 ? Encoding.ORIGINAL : new Encoding.Resized(shorterSide, quality);
        try (JavaSparkContext spark = SparkSessions.open("sknet prepare " + source.location())) {
            prepare(spark, settings.prepare(), source, encoding, output, overwrite ? Overwrite.REPLACE : Overwrite.REFUSE);
        }
        return 0;
    }

    static DatasetManifest prepare(JavaSparkContext spark, Settings.Prepare settings, Source source, Encoding encoding, String output,
                                   Overwrite overwrite) {
        PrepareOptions options = new PrepareOptions(source, output, encoding, settings.shardBytes(), settings.seed(), overwrite,
            settings.maxRejected(), BuildVersion.text());
        DatasetManifest manifest;
        try (Progress progress = Progress.start("sharding"); JobLabel label = JobLabel.of(spark, output, "prepare " + source.location())) {
            manifest = new Preparation().run(spark, options, (done, total) -> progress.update(done, total, ""));
        }
        manifest.splits().forEach((name, split) -> System.out.printf(Locale.ROOT, "%-5s  %,d images in %,d shards, %.1f MB%n", name,
            split.records(), split.shards().size(), split.bytes() / 1e6));
        System.out.printf(Locale.ROOT, "%d classes, channel mean %.2f %.2f %.2f%n", manifest.classes().size(),
            manifest.channelMean().get(0), manifest.channelMean().get(1), manifest.channelMean().get(2));
        System.out.printf("width %s, height %s pixels%n", manifest.imageSizes().width(), manifest.imageSizes().height());
        if (manifest.rejected() > 0) {
            System.out.printf("%,d files were no readable images: %s/rejected.jsonl names them%n", manifest.rejected(), output);
        }
        return manifest;
    }
}
