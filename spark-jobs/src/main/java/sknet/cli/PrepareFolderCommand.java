package sknet.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sknet.data.prepare.PrepareFolder;
import sknet.data.prepare.PrepareOptions;
import sknet.data.prepare.PrepareOptions.Overwrite;
import sknet.data.shard.DatasetManifest;

/** {@code sknet prepare folder}. */
@Command(name = "folder", mixinStandardHelpOptions = true,
    description = "Shards a folder SOURCE/train/CLASS/IMAGE and SOURCE/val/CLASS/IMAGE of JPEG and PNG files.")
final class PrepareFolderCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "SOURCE", description = "The folder, on any file system that Hadoop reads.")
    private String source;

    @Parameters(index = "1", paramLabel = "OUTPUT", description = "The data set's directory, like hdfs://namenode:8020/data/flowers.")
    private String output;

    @Option(names = "--overwrite", description = "Replace a data set that is there.")
    private boolean overwrite;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        Settings settings = common.settings();
        try (JavaSparkContext spark = SparkSessions.open("sknet prepare folder " + source)) {
            prepare(spark, settings.prepare(), source, output, overwrite ? Overwrite.REPLACE : Overwrite.REFUSE);
        }
        return 0;
    }

    static DatasetManifest prepare(JavaSparkContext spark, Settings.Prepare settings, String source, String output,
                                   Overwrite overwrite) {
        PrepareOptions options = new PrepareOptions(source, output, settings.shardBytes(), settings.seed(), overwrite,
            settings.maxRejected(), BuildVersion.text());
        DatasetManifest manifest;
        try (Progress progress = Progress.start("sharding")) {
            manifest = new PrepareFolder().run(spark, options, (done, total) -> progress.update(done, total, ""));
        }
        manifest.splits().forEach((name, split) -> System.out.printf(Locale.ROOT, "%-5s  %,d images in %,d shards, %.1f MB%n", name,
            split.records(), split.shards().size(), split.bytes() / 1e6));
        System.out.printf(Locale.ROOT, "%d classes, channel mean %.2f %.2f %.2f%n", manifest.classes().size(),
            manifest.channelMean().get(0), manifest.channelMean().get(1), manifest.channelMean().get(2));
        if (manifest.rejected() > 0) {
            System.out.printf("%,d files were no readable images: %s/rejected.jsonl names them%n", manifest.rejected(), output);
        }
        return manifest;
    }
}
