package sknet.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.Storage;

/** {@code sknet data show}. */
@Command(name = "show", mixinStandardHelpOptions = true,
    description = "Prints what a data set holds, and draws some of its training images.")
final class DataShowCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "DIR", description = "The data set's directory.")
    private String dataset;

    @Option(names = "--png", paramLabel = "FILE", description = "Where to draw a row of random training images for each class, a local file.")
    private Path png;

    @Option(names = "--classes", paramLabel = "N", defaultValue = "20",
        description = "How many classes to draw, at random (default: ${DEFAULT-VALUE}).")
    private int classes;

    @Option(names = "--images", paramLabel = "N", defaultValue = "8", description = "How many images of each (default: ${DEFAULT-VALUE}).")
    private int images;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws IOException {
        common.settings();
        Configuration hadoop = SparkSessions.hadoop();
        var directory = new org.apache.hadoop.fs.Path(dataset);
        FileSystem fileSystem = Storage.connect(hadoop, directory);
        DatasetManifest manifest = DatasetManifest.read(fileSystem, directory);
        System.out.print(text(manifest));
        if (png != null) {
            new ContactSheet(manifest, classes, images).write(hadoop, fileSystem.makeQualified(directory), png);
            System.out.println("written to " + png.toAbsolutePath());
        }
        return 0;
    }

    private static String text(DatasetManifest manifest) {
        StringBuilder text = new StringBuilder();
        line(text, "source", manifest.source() + " (fingerprint " + manifest.sourceFingerprint() + ")");
        line(text, "images", manifest.encoding());
        line(text, "seed", manifest.seed());
        line(text, "fingerprint", manifest.fingerprint());
        line(text, "written by", manifest.createdBy() + ", format version " + manifest.formatVersion());
        line(text, "channel mean", manifest.channelMean().stream().map(mean -> String.format(Locale.ROOT, "%.2f", mean))
            .collect(Collectors.joining(", ")));
        line(text, "width", manifest.imageSizes().width());
        line(text, "height", manifest.imageSizes().height());
        line(text, "rejected", manifest.rejected());
        manifest.splits().forEach((name, split) -> line(text, name, String.format(Locale.ROOT, "%,d images in %,d shards, %.1f MB",
            split.records(), split.shards().size(), split.bytes() / 1e6)));
        text.append(String.format("%n%-30s %10s %10s%n", manifest.classes().size() + " classes", "train", "val"));
        List<Integer> train = manifest.split(DatasetManifest.TRAIN).classCounts();
        List<Integer> val = manifest.split(DatasetManifest.VAL).classCounts();
        for (int label = 0; label < manifest.classes().size(); label++) {
            text.append(String.format(Locale.ROOT, "%-30s %,10d %,10d%n", manifest.classes().get(label), train.get(label), val.get(label)));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String name, Object value) {
        text.append(String.format("%-13s %s%n", name, value));
    }
}
