package sknet.data.shard;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Writes data sets for tests, without Spark, on a local file system without checksum files of its own. */
public final class SmallDataset {
    private SmallDataset() {
    }

    /** A configuration under which "file:" is the raw local file system: damage reaches the reader under test. */
    public static Configuration rawLocal() {
        Configuration hadoop = new Configuration();
        hadoop.setClass("fs.file.impl", RawLocalFileSystem.class, FileSystem.class);
        hadoop.setBoolean("fs.file.impl.disable.cache", true);
        return hadoop;
    }

    /** A data set whose two splits both hold the images, label i % 2, {@code perShard} to a shard. */
    public static DatasetManifest write(FileSystem fs, Path dataset, List<byte[]> images, int perShard) throws IOException {
        List<String> classes = List.of("cat", "dog");
        Map<String, DatasetManifest.Split> splits = Map.of(
                DatasetManifest.TRAIN, split(fs, dataset, DatasetManifest.TRAIN, images, perShard),
                DatasetManifest.VAL, split(fs, dataset, DatasetManifest.VAL, images, perShard));
        DatasetManifest manifest = new DatasetManifest(DatasetManifest.FORMAT_VERSION, "sknet test", "file:/source", "0", "original", 1,
                DatasetManifest.fingerprintOf(classes, splits), classes, List.of(1.5, 2.5, 3.5),
                new ImageSizes(new ImageSizes.Range(1, 2, 3), new ImageSizes.Range(4, 5, 6)), 0, splits);
        manifest.write(fs, dataset);
        return manifest;
    }

    private static DatasetManifest.Split split(FileSystem fs, Path dataset, String name, List<byte[]> images, int perShard)
            throws IOException {
        List<DatasetManifest.Shard> shards = new ArrayList<>();
        for (int start = 0; start < images.size(); start += perShard) {
            try (ShardWriter writer = ShardWriter.create(fs, new Path(dataset, name), shards.size())) {
                for (int i = start; i < Math.min(images.size(), start + perShard); i++) {
                    writer.append(name + "/" + (i % 2 == 0 ? "cat" : "dog") + "/" + i + ".png", i % 2, images.get(i));
                }
                shards.add(writer.commit());
            }
        }
        return new DatasetManifest.Split(shards, List.of((images.size() + 1) / 2, images.size() / 2));
    }
}
