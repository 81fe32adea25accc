package sknet.data.shard;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * The one writer of shards, as {@link ShardFraming} describes them, with their indices beside them.
 *
 * <p>Safe under task retries and speculation: each attempt writes under a name of its own, and one that finds the final file
 * there already accepts it only if the bytes are its own. Not thread safe.
 */
public final class ShardWriter implements Closeable {
    /** Size of the largest image file that fits a record. */
    public static final int MAX_IMAGE_BYTES = ShardIndex.MAX_RECORD_BYTES;

    static final String SHARD_SUFFIX = ".seq";
    static final String INDEX_SUFFIX = ".idx";

    private final FileSystem fs;
    private final Path shard;
    private final Path index;
    private final Path temporaryShard;
    private final Path temporaryIndex;
    private final ShardFraming framing;
    private final FSDataOutputStream out;
    private final ShardIndex.Builder entries = new ShardIndex.Builder();
    private boolean finished;

    private ShardWriter(FileSystem fs, Path directory, String name) throws IOException {
        this.fs = fs;
        shard = new Path(directory, name + SHARD_SUFFIX);
        index = new Path(directory, name + INDEX_SUFFIX);
        temporaryShard = WholeFile.temporary(shard);
        temporaryIndex = WholeFile.temporary(index);
        framing = new ShardFraming(name);
        out = fs.create(temporaryShard, false);
        try {
            out.write(framing.header());
        } catch (IOException | RuntimeException failure) {
            abandon(failure);
            throw failure;
        }
    }

    /**
     * Starts a shard.
     *
     * @param directory the split's directory, for example {@code hdfs://host/set/train}
     * @param number    the shard's number in its split, which names it: {@code shard-00000}
     */
    public static ShardWriter create(FileSystem fs, Path directory, int number) throws IOException {
        return new ShardWriter(fs, directory, String.format(Locale.ROOT, "shard-%05d", number));
    }

    /**
     * Adds a record.
     *
     * @param id    path of the image relative to the source folder, at most 64 KiB of UTF-8
     * @param label the class's line number in classes.txt
     * @param image the original file's bytes, at most 64 MiB
     */
    public void append(String id, int label, byte[] image) throws IOException {
        byte[] idBytes = id.getBytes(StandardCharsets.UTF_8);
        if (idBytes.length > ShardIndex.MAX_ID_BYTES || image.length > ShardIndex.MAX_RECORD_BYTES || label < 0) {
            throw new IllegalArgumentException("Cannot append " + id + " to " + shard + ": id of " + idBytes.length
                    + " bytes, image of "
                    + image.length + " bytes, label " + label + " (expected at most " + ShardIndex.MAX_ID_BYTES + ", at most "
                    + ShardIndex.MAX_RECORD_BYTES + ", 0 or more)");
        }
        out.write(framing.before(id, label, image.length));
        entries.add(out.getPos(), label, image, idBytes);
        out.write(image);
    }

    /**
     * Closes the shard and gives it and its index their final names, in this order. When it fails neither has one, unless
     * another attempt has put the same bytes there.
     *
     * @return the shard's entry for the manifest
     */
    public DatasetManifest.Shard commit() throws IOException {
        byte[] indexContent = entries.build();
        boolean promoted = false;
        try {
            long bytes = out.getPos();
            out.close();
            try (FSDataOutputStream indexOut = fs.create(temporaryIndex, false)) {
                indexOut.write(indexContent);
            }
            promoted = WholeFile.promote(fs, temporaryShard, shard);
            WholeFile.promote(fs, temporaryIndex, index);
            finished = true;
            return new DatasetManifest.Shard(shard.getName(), entries.records(), bytes, sha256(indexContent));
        } catch (IOException | RuntimeException failure) {
            if (promoted) {
                WholeFile.discard(fs, shard, failure);
            }
            abandon(failure);
            throw failure;
        }
    }

    /** Leaves nothing behind unless {@link #commit} has succeeded. */
    @Override
    public void close() throws IOException {
        if (!finished) {
            IOException abandoned = new IOException("Cannot clear " + temporaryShard);
            abandon(abandoned);
            if (abandoned.getSuppressed().length > 0) {
                throw abandoned;
            }
        }
    }

    static String sha256(byte[] content) {
        return HexFormat.of().formatHex(ShardFraming.digest("SHA-256", content));
    }

    private void abandon(Exception failure) {
        finished = true;
        try {
            out.close();
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
        WholeFile.discard(fs, temporaryShard, failure);
        WholeFile.discard(fs, temporaryIndex, failure);
    }
}
