package sknet.data.prepare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.ShardedSplit;

/** What tests of a preparation look at. */
final class DatasetFiles {
    private DatasetFiles() {
    }

    /** Its local file system has no checksum files: writing is faster, and damage reaches the checks of the project. */
    static JavaSparkContext spark() {
        return new JavaSparkContext(new SparkConf().setMaster("local[2]").setAppName("prepare").set("spark.ui.enabled", "false")
                .set("spark.hadoop.fs.file.impl", RawLocalFileSystem.class.getName()).set("spark.hadoop.fs.file.impl.disable.cache", "true")
                .set("spark.driver.host", "127.0.0.1"));
    }

    static DatasetManifest prepare(JavaSparkContext spark, Source source, Path output, long shardBytes) {
        return new Preparation().run(spark, new PrepareOptions(source, output.toString(), Encoding.ORIGINAL, shardBytes, 1,
                PrepareOptions.Overwrite.REFUSE, 0, "sknet test"));
    }

    /** The samples of both splits by id. */
    static Map<String, ShardedSplit.Sample> samples(JavaSparkContext spark, Path dataset) throws IOException {
        Map<String, ShardedSplit.Sample> samples = new TreeMap<>();
        for (String split : List.of(DatasetManifest.TRAIN, DatasetManifest.VAL)) {
            try (ShardedSplit shards = ShardedSplit.open(spark.hadoopConfiguration(), new org.apache.hadoop.fs.Path(dataset.toString()),
                    split, 1 << 24)) {
                for (int i = 0; i < shards.size(); i++) {
                    ShardedSplit.Sample sample = shards.read(i);
                    samples.put(sample.id(), sample);
                }
            }
        }
        return samples;
    }

    /** Content of each file but Hadoop's checksum files, as text that compares. */
    static Map<String, String> content(Path directory) throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).filter(file -> !file.toString().endsWith(".crc")).toList()) {
                content.put(directory.relativize(file).toString(), new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1));
            }
        }
        return content;
    }
}
