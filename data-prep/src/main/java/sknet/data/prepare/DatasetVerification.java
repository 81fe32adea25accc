package sknet.data.prepare;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.ShardVerification;
import sknet.data.shard.Storage;

/** Reads a prepared data set whole, a task a shard, to see whether it still is what was written. */
public final class DatasetVerification {
    private DatasetVerification() {
    }

    /** One task's work. */
    private record Part(String directory, DatasetManifest.Shard shard) implements Serializable {
    }

    /**
     * Runs the job.
     *
     * @param progress told of shards
     * @return every damage in a line that begins with the file; empty if the data set is whole
     * @throws IOException if there is no data set, or it cannot be read for another reason
     */
    public static List<String> run(JavaSparkContext spark, String dataset, PrepareProgress progress) throws IOException {
        FileSystem fs = Storage.connect(spark.hadoopConfiguration(), new Path(dataset));
        Path directory = fs.makeQualified(new Path(dataset));
        DatasetManifest manifest = DatasetManifest.read(fs, directory);
        List<Part> parts = new ArrayList<>();
        manifest.splits().forEach((name, split) ->
                split.shards().forEach(shard -> parts.add(new Part(new Path(directory, name).toString(), shard))));
        int classes = manifest.classes().size();
        var hadoop = spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration()));
        LongAccumulator shardsRead = spark.sc().longAccumulator("shards read");
        List<List<String>> found = SparkJob.run(spark.parallelize(parts, parts.size()).map(part -> {
            Path split = new Path(part.directory());
            List<String> damages = ShardVerification.damages(split.getFileSystem(hadoop.value().value()), split, part.shard(), classes);
            shardsRead.add(1);
            return damages;
        }), () -> progress.update(Math.min(shardsRead.value(), parts.size()), parts.size()));
        return found.stream().flatMap(List::stream).toList();
    }
}
