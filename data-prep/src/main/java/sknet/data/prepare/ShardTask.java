package sknet.data.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import sknet.data.image.ImageDecoder;
import sknet.data.image.UnreadableImageException;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.ShardWriter;

/**
 * Writes one shard in an executor. Each image is decoded, to prove that it can be and for the channel sums; one that cannot be
 * is rejected, whereas a file that cannot be read fails the task, for another attempt may well read it.
 */
final class ShardTask implements Function<ShardPlan, ShardResult> {
    private static final long serialVersionUID = 1L;

    private final Broadcast<SerializableConfiguration> hadoop;
    private final String source;
    private final String output;
    private final LongAccumulator filesRead;

    ShardTask(Broadcast<SerializableConfiguration> hadoop, Path source, Path output, LongAccumulator filesRead) {
        this.hadoop = hadoop;
        this.source = source.toString();
        this.output = output.toString();
        this.filesRead = filesRead;
    }

    @Override
    public ShardResult call(ShardPlan plan) throws IOException {
        Configuration configuration = hadoop.value().value();
        Path directory = new Path(output, plan.split());
        FileSystem sourceFs = withoutChecksumFiles(new Path(source).getFileSystem(configuration));
        List<RejectedFile> rejected = new ArrayList<>();
        ChannelSums sums = ChannelSums.NONE;
        try (ShardWriter writer = ShardWriter.create(directory.getFileSystem(configuration), directory, plan.number())) {
            for (SourceImage image : plan.images()) {
                byte[] bytes = read(sourceFs, new Path(source, image.id()));
                filesRead.add(1);
                if (bytes.length > ShardWriter.MAX_IMAGE_BYTES) {
                    rejected.add(new RejectedFile(image.id(), "is too long (expected at most " + ShardWriter.MAX_IMAGE_BYTES
                            + " bytes)"));
                    continue;
                }
                try {
                    sums = sums.plus(ChannelSums.of(ImageDecoder.decode(bytes)));
                    writer.append(image.id(), image.label(), bytes);
                } catch (UnreadableImageException e) {
                    rejected.add(new RejectedFile(image.id(), e.getMessage()));
                }
            }
            List<DatasetManifest.Shard> shards = rejected.size() == plan.images().size() ? List.of() : List.of(writer.commit());
            return new ShardResult(plan.split(), shards, rejected, sums);
        }
    }

    /** For a local file Hadoop looks for its own checksums beside it, which a folder of images does not have. */
    private static FileSystem withoutChecksumFiles(FileSystem fs) {
        return fs.getClass() == LocalFileSystem.class ? ((LocalFileSystem) fs).getRawFileSystem() : fs;
    }

    private static byte[] read(FileSystem fs, Path file) throws IOException {
        try (FSDataInputStream in = fs.open(file)) {
            return in.readNBytes(ShardWriter.MAX_IMAGE_BYTES + 1);
        } catch (IOException e) {
            throw new IOException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }
}
