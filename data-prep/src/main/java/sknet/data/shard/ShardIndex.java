package sknet.data.shard;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Where each record of a shard lies: image offset, length, label, CRC32C and id.
 *
 * <p>The file, big-endian: magic, version, record count n (int each); n times offset (long), length, label, CRC32C (int each);
 * n times id length (int) and id (UTF-8); CRC32C of everything before it (int).
 *
 * <p>The whole file stays in memory as it is: a million records take the size of their files and no object each.
 */
final class ShardIndex {
    /** Longest record a shard may hold; an image file beyond it is no photograph. */
    static final int MAX_RECORD_BYTES = 1 << 26;
    static final int MAX_ID_BYTES = 1 << 16;

    private static final int MAGIC = 0x534B4958;
    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 3 * Integer.BYTES;
    private static final int ENTRY_BYTES = Long.BYTES + 3 * Integer.BYTES;
    private static final int MAX_FILE_BYTES = 1 << 30;

    private final ByteBuffer file;
    private final int[] idStarts;

    private ShardIndex(ByteBuffer file, int[] idStarts) {
        this.file = file;
        this.idStarts = idStarts;
    }

    /** Reads and verifies an index; any damage is one {@link CorruptShardException}. */
    static ShardIndex read(FileSystem fs, Path path) throws IOException {
        long fileLength = fs.getFileStatus(path).getLen();
        int smallest = HEADER_BYTES + Integer.BYTES;
        if (fileLength < smallest || fileLength > MAX_FILE_BYTES) {
            throw damaged(path, "it is " + fileLength + " bytes long (expected " + smallest + " to " + MAX_FILE_BYTES + ")");
        }
        byte[] content = new byte[(int) fileLength];
        try (FSDataInputStream in = fs.open(path)) {
            in.readFully(content);
        } catch (ChecksumException e) {
            throw new CorruptShardException("Cannot read index " + path + ": " + e.getMessage(), e);
        }
        return parse(path, content);
    }

    static ShardIndex parse(Path path, byte[] content) throws CorruptShardException {
        ByteBuffer file = ByteBuffer.wrap(content);
        int end = content.length - Integer.BYTES;
        if (file.getInt(0) != MAGIC || file.getInt(Integer.BYTES) != VERSION) {
            throw damaged(path, String.format("it starts with 0x%08X, version %d (expected 0x%08X, version %d)",
                    file.getInt(0), file.getInt(Integer.BYTES), MAGIC, VERSION));
        }
        int checksum = checksum(content, 0, end);
        if (checksum != file.getInt(end)) {
            throw damaged(path, String.format("CRC32C is 0x%08X (expected 0x%08X)", checksum, file.getInt(end)));
        }
        int records = file.getInt(2 * Integer.BYTES);
        if (records < 0 || records > (end - HEADER_BYTES) / (ENTRY_BYTES + Integer.BYTES)) {
            throw damaged(path, "it counts " + records + " records (expected as many as its " + content.length
                    + " bytes can hold)");
        }
        int[] idStarts = new int[records];
        int position = HEADER_BYTES + records * ENTRY_BYTES;
        for (int record = 0; record < records; record++) {
            int idLength = end - position < Integer.BYTES ? -1 : file.getInt(position);
            position += Integer.BYTES;
            if (idLength < 0 || idLength > MAX_ID_BYTES || idLength > end - position) {
                throw damaged(path, "the id of record " + record + " has length " + idLength + " (expected 0 to " + MAX_ID_BYTES
                        + ")");
            }
            idStarts[record] = position - Integer.BYTES;
            position += idLength;
        }
        ShardIndex index = new ShardIndex(file, idStarts);
        for (int record = 0; record < records; record++) {
            long offset = index.offset(record);
            int length = index.length(record);
            int label = index.label(record);
            if (offset < 0 || length < 0 || length > MAX_RECORD_BYTES || label < 0) {
                throw damaged(path, "record " + record + " has offset " + offset + ", length " + length + " and label " + label
                        + " (expected none below 0, and a length to " + MAX_RECORD_BYTES + ")");
            }
        }
        return index;
    }

    int records() {
        return idStarts.length;
    }

    /** Position of the image's first byte in the shard. */
    long offset(int record) {
        return file.getLong(entry(record));
    }

    int length(int record) {
        return file.getInt(entry(record) + Long.BYTES);
    }

    int label(int record) {
        return file.getInt(entry(record) + Long.BYTES + Integer.BYTES);
    }

    int checksum(int record) {
        return file.getInt(entry(record) + Long.BYTES + 2 * Integer.BYTES);
    }

    String id(int record) {
        int start = idStarts[record];
        return new String(file.array(), start + Integer.BYTES, file.getInt(start), StandardCharsets.UTF_8);
    }

    byte[] content() {
        return file.array();
    }

    static int checksum(byte[] bytes, int offset, int length) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, offset, length);
        return (int) checksum.getValue();
    }

    private static int entry(int record) {
        return HEADER_BYTES + record * ENTRY_BYTES;
    }

    private static CorruptShardException damaged(Path path, String finding) {
        return new CorruptShardException("Cannot read index " + path + ": " + finding);
    }

    /** Collects the entries of a shard as it is written. */
    static final class Builder {
        private final ByteArrayOutputStream entries = new ByteArrayOutputStream();
        private final ByteArrayOutputStream ids = new ByteArrayOutputStream();
        private int records;

        void add(long offset, int label, byte[] image, byte[] id) {
            ByteBuffer entry = ByteBuffer.allocate(ENTRY_BYTES);
            entry.putLong(offset).putInt(image.length).putInt(label).putInt(ShardIndex.checksum(image, 0, image.length));
            entries.writeBytes(entry.array());
            ids.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(id.length).array());
            ids.writeBytes(id);
            records++;
        }

        int records() {
            return records;
        }

        /** The index file's content. */
        byte[] build() {
            ByteBuffer file = ByteBuffer.allocate(HEADER_BYTES + entries.size() + ids.size() + Integer.BYTES);
            file.putInt(MAGIC).putInt(VERSION).putInt(records).put(entries.toByteArray()).put(ids.toByteArray());
            file.putInt(ShardIndex.checksum(file.array(), 0, file.position()));
            return file.array();
        }
    }
}
