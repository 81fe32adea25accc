package sknet.data.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import sknet.data.image.ImageSurvey;
import sknet.data.image.ImageSurveyor;
import sknet.data.image.UnreadableImageException;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.ShardWriter;

/**
 * Writes one shard in an executor. Each image is read whole, to prove that it can be decoded and for the channel sums; one that cannot
 * be is rejected, whereas a file that cannot be read fails the task, for another attempt may well read it.
 */
final class ShardTask implements Function<ShardPlan, ShardResult> {
    private static final long serialVersionUID = 1L;

    private final Broadcast<SerializableConfiguration> hadoop;
    private final Source source;
    private final String location;
    private final String output;
    private final Encoding encoding;
    private final LongAccumulator filesRead;

    ShardTask(Broadcast<SerializableConfiguration> hadoop, Source source, Path location, Path output,
              Encoding encoding, LongAccumulator filesRead) {
        this.hadoop = hadoop;
        this.source = source;
        this.location = location.toString();
        this.output = output.toString();
        this.encoding = encoding;
        this.filesRead = filesRead;
    }

    /** Counts while the tasks run; images that are read again after a failure count again. */
    LongAccumulator filesRead() {
        return filesRead;
    }

    @Override
    public ShardResult call(ShardPlan plan) throws IOException {
        Configuration configuration = hadoop.value().value();
        Path directory = new Path(output, plan.split());
        FileSystem outputFs = directory.getFileSystem(configuration);
        FileSystem sourceFs = withoutChecksumFiles(new Path(location).getFileSystem(configuration));
        List<RejectedFile> rejected = new ArrayList<>();
        ImageSurveyor surveyor = new ImageSurveyor();
        ChannelSums sums = ChannelSums.NONE;
        SizeCounts sizes = new SizeCounts();
        try (ImageReader reader = source.open(sourceFs, new Path(location), plan.images());
             ShardWriter writer = ShardWriter.create(outputFs, directory, plan.number())) {
            for (SourceImage image : plan.images()) {
                filesRead.add(1);
                if (image.place().bytes() > ShardWriter.MAX_IMAGE_BYTES) {
                    rejected.add(new RejectedFile(image.id(), "is too long (expected at most " + ShardWriter.MAX_IMAGE_BYTES
                            + " bytes)"));
                    continue;
                }
                byte[] bytes = reader.read(image);
                try {
                    byte[] stored = encoding.encode(bytes);
                    ImageSurvey survey = surveyor.survey(stored);
                    sums = sums.plus(ChannelSums.of(survey));
                    sizes.add(survey);
                    writer.append(image.id(), image.label(), stored);
                } catch (UnreadableImageException e) {
                    rejected.add(new RejectedFile(image.id(), e.getMessage()));
                }
            }
            List<DatasetManifest.Shard> shards = rejected.size() == plan.images().size() ? List.of() : List.of(writer.commit());
            ShardResult result = new ShardResult(plan.split(), plan.number(), shards, rejected, sums, sizes);
            // Last: a shard that has a result is finished.
            new WorkLog(outputFs, new Path(output)).add(result);
            return result;
        }
    }

    /** For a local file Hadoop looks for its own checksums beside it, which a folder of images does not have. */
    static FileSystem withoutChecksumFiles(FileSystem fs) {
        return fs.getClass() == LocalFileSystem.class ? ((LocalFileSystem) fs).getRawFileSystem() : fs;
    }
}
