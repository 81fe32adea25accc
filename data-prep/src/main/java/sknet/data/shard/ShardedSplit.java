package sknet.data.shard;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * One split of a prepared data set, its records numbered through all shards. Thread safe.
 *
 * <p>A shard is read whole and sequentially when it is first touched and kept, as long as the cache has room for it;
 * the records of the others are fetched one by one; {@link #scan} reads many of them in one go. Every record is checked
 * against its CRC32C on every read.
 */
public final class ShardedSplit implements SampleSource, Closeable {
    private final List<ShardFile> shards;
    /** Ordinal of each shard's first record, then the split's size. */
    private final int[] starts;

    private ShardedSplit(List<ShardFile> shards, int[] starts) {
        this.shards = shards;
        this.starts = starts;
    }

    /**
     * One image as it was in the source.
     *
     * @param ordinal its number in the split
     * @param id      its path relative to the source folder
     * @param label   its class's position in {@link DatasetManifest#classes}
     * @param bytes   the original file's bytes
     */
    public record Sample(int ordinal, String id, int label, byte[] bytes) {
    }

    /**
     * Opens a split and reads its indices.
     *
     * @param split      {@link DatasetManifest#TRAIN} or {@link DatasetManifest#VAL}
     * @param cacheBytes how much of the shards may be kept on the heap
     * @throws IOException if the data set is missing or damaged
     */
    public static ShardedSplit open(Configuration hadoop, Path dataset, String split, long cacheBytes) throws IOException {
        FileSystem fs = dataset.getFileSystem(hadoop);
        DatasetManifest manifest = DatasetManifest.read(fs, dataset);
        Path directory = fs.makeQualified(new Path(dataset, split));
        AtomicLong cache = new AtomicLong(cacheBytes);
        List<ShardFile> files = new ArrayList<>();
        List<DatasetManifest.Shard> shards = manifest.split(split).shards();
        int[] starts = new int[shards.size() + 1];
        for (DatasetManifest.Shard shard : shards) {
            Path indexPath = new Path(directory, shard.indexFile());
            ShardIndex index = ShardIndex.read(fs, indexPath);
            String digest = ShardWriter.sha256(index.content());
            if (!digest.equals(shard.indexSha256())) {
                throw new CorruptShardException("Cannot read index " + indexPath + ": SHA-256 is " + digest + " (expected "
                        + shard.indexSha256() + " as the manifest says)");
            }
            files.add(new ShardFile(unchecked(fs), new Path(directory, shard.file()), index, shard.bytes(), cache));
            starts[files.size()] = starts[files.size() - 1] + index.records();
        }
        return new ShardedSplit(files, starts);
    }

    /**
     * Records have checksums of their own. Those of a local file system are of whole blocks: which records a damaged one loses would
     * depend on where a read begins. (HDFS has them too, but answers with another copy.)
     */
    private static FileSystem unchecked(FileSystem fs) {
        return fs instanceof ChecksumFileSystem checked ? checked.getRawFileSystem() : fs;
    }

    /** Number of images. */
    public int size() {
        return starts[shards.size()];
    }

    /** Number of records of each shard, in the split's order. */
    public int[] shardRecords() {
        int[] records = new int[shards.size()];
        for (int shard = 0; shard < records.length; shard++) {
            records[shard] = starts[shard + 1] - starts[shard];
        }
        return records;
    }

    /** One image's record, id and shard, for messages. */
    public String place(int ordinal) {
        int shard = shardOf(ordinal);
        return shards.get(shard).place(ordinal - starts[shard]);
    }

    /** The next record of the same shard, after its last one the first. */
    public int nextInShard(int ordinal) {
        int shard = shardOf(ordinal);
        return ordinal + 1 < starts[shard + 1] ? ordinal + 1 : starts[shard];
    }

    /** {@inheritDoc} Of {@code [0, size())}. */
    @Override
    public Sample read(int ordinal) throws IOException {
        int shard = shardOf(ordinal);
        return shards.get(shard).read(ordinal - starts[shard], ordinal);
    }

    /**
     * The label of an image, which is known without reading it.
     *
     * @param ordinal in {@code [0, size())}
     */
    public int label(int ordinal) {
        int shard = shardOf(ordinal);
        return shards.get(shard).label(ordinal - starts[shard]);
    }

    /**
     * The id of an image, which is known without reading it.
     *
     * @param ordinal in {@code [0, size())}
     */
    public String id(int ordinal) {
        int shard = shardOf(ordinal);
        return shards.get(shard).id(ordinal - starts[shard]);
    }

    /**
     * Reads images shard by shard, each shard from front to back and past the cache, until the sink has enough. What cannot be read
     * is told to the sink.
     *
     * @param ordinals in ascending order
     */
    public void scan(int[] ordinals, SampleSink sink) {
        boolean goOn = true;
        int end;
        for (int begin = 0; begin < ordinals.length && goOn; begin = end) {
            int shard = shardOf(ordinals[begin]);
            end = begin + 1;
            while (end < ordinals.length && ordinals[end] < starts[shard + 1]) {
                end++;
            }
            int[] records = new int[end - begin];
            for (int i = 0; i < records.length; i++) {
                records[i] = ordinals[begin + i] - starts[shard];
            }
            goOn = shards.get(shard).scan(records, starts[shard], sink);
        }
    }

    private int shardOf(int ordinal) {
        if (ordinal < 0 || ordinal >= size()) {
            throw new IndexOutOfBoundsException("Cannot read sample " + ordinal + " (expected 0 to " + (size() - 1) + ")");
        }
        int found = Arrays.binarySearch(starts, ordinal);
        int shard = found >= 0 ? found : -found - 2;
        // A shard without records shares its start with the next one.
        while (starts[shard + 1] == ordinal) {
            shard++;
        }
        return shard;
    }

    @Override
    public void close() throws IOException {
        IOException first = null;
        for (ShardFile shard : shards) {
            try {
                shard.close();
            } catch (IOException e) {
                if (first == null) {
                    first = e;
                } else {
                    first.addSuppressed(e);
                }
            }
        }
        if (first != null) {
            throw first;
        }
    }
}
