package sknet.data.shard;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;
import org.apache.hadoop.io.WritableUtils;

/**
 * All bytes of a shard but the images': an uncompressed Hadoop SequenceFile (version 6) of Text {@code "label TAB id"} to BytesWritable.
 * They follow from the shard's name and what is known of its records, so that they can be written, and checked.
 *
 * <p>Departure from {@code SequenceFile.Writer}: that one draws a random sync marker for each file, so that no two runs write
 * the same bytes. The format is spelt out here with a marker derived from the shard's name; Hadoop's own reader reads it.
 */
final class ShardFraming {
    private static final byte[] MAGIC = {'S', 'E', 'Q', 6};
    private static final int SYNC_ESCAPE = -1;

    private final byte[] sync;
    private final Text key = new Text();
    private long position;
    private long lastSync;

    /** @param name of the shard without suffix */
    ShardFraming(String name) {
        sync = digest("MD5", name.getBytes(StandardCharsets.UTF_8));
    }

    /** The bytes before the first record's. */
    byte[] header() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(MAGIC);
        Text.writeString(out, Text.class.getName());
        Text.writeString(out, BytesWritable.class.getName());
        out.writeBoolean(false);
        out.writeBoolean(false);
        new SequenceFile.Metadata().write(out);
        out.write(sync);
        position = bytes.size();
        lastSync = position;
        return bytes.toByteArray();
    }

    /** The bytes between the record before, or the header, and an image. */
    byte[] before(String id, int label, int imageLength) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        if (position >= lastSync + SequenceFile.SYNC_INTERVAL) {
            out.writeInt(SYNC_ESCAPE);
            out.write(sync);
            lastSync = position + bytes.size();
        }
        key.set(label + "\t" + id);
        int keyLength = WritableUtils.getVIntSize(key.getLength()) + key.getLength();
        out.writeInt(keyLength + Integer.BYTES + imageLength);
        out.writeInt(keyLength);
        key.write(out);
        out.writeInt(imageLength);
        position += bytes.size() + imageLength;
        return bytes.toByteArray();
    }

    static byte[] digest(String algorithm, byte[] content) {
        try {
            return MessageDigest.getInstance(algorithm).digest(content);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot digest: every JDK has " + algorithm, e);
        }
    }
}
