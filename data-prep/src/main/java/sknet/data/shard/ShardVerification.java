package sknet.data.shard;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Whether a shard and its index hold what was written. */
public final class ShardVerification {
    private final FileSystem fs;
    private final Path directory;
    private final DatasetManifest.Shard shard;
    private final List<String> damages = new ArrayList<>();

    private ShardVerification(FileSystem fs, Path directory, DatasetManifest.Shard shard) {
        this.fs = fs;
        this.directory = directory;
        this.shard = shard;
    }

    /** Whether a shard has its size and its very index: what a rename proves, not what a disk has done to the content since. */
    public static boolean isInPlace(FileSystem fs, Path directory, DatasetManifest.Shard shard) throws IOException {
        ShardVerification verification = new ShardVerification(fs, directory, shard);
        verification.index();
        verification.checkLength();
        return verification.damages.isEmpty();
    }

    /**
     * Reads a shard whole.
     *
     * @param directory of the split
     * @param classes   number of classes
     * @return every damage, with the file and the record; empty if all is well
     * @throws IOException if a file cannot be read for another reason
     */
    public static List<String> damages(FileSystem fs, Path directory, DatasetManifest.Shard shard, int classes) throws IOException {
        ShardVerification verification = new ShardVerification(fs, directory, shard);
        ShardIndex index = verification.index();
        if (verification.checkLength() && index != null) {
            verification.checkRecords(index, classes);
        }
        return verification.damages;
    }

    /** The index, or null if there is none to go by. */
    private ShardIndex index() throws IOException {
        Path path = new Path(directory, shard.indexFile());
        try {
            ShardIndex index = ShardIndex.read(fs, path);
            String digest = ShardWriter.sha256(index.content());
            if (!digest.equals(shard.indexSha256())) {
                damages.add(path + ": SHA-256 is " + digest + " (expected " + shard.indexSha256() + ")");
                return null;
            }
            if (index.records() != shard.records()) {
                damages.add(path + ": it has " + index.records() + " records (expected " + shard.records() + ")");
            }
            return index;
        } catch (FileNotFoundException e) {
            damages.add(path + ": it is missing");
        } catch (CorruptShardException e) {
            damages.add(path + ": " + e.getMessage().substring(e.getMessage().indexOf(path.getName()) + path.getName().length() + 2));
        }
        return null;
    }

    private boolean checkLength() throws IOException {
        Path path = new Path(directory, shard.file());
        try {
            long length = fs.getFileStatus(path).getLen();
            if (length != shard.bytes()) {
                damages.add(path + ": it is " + length + " bytes long (expected " + shard.bytes() + ")");
            }
            return true;
        } catch (FileNotFoundException e) {
            damages.add(path + ": it is missing");
            return false;
        }
    }

    private void checkRecords(ShardIndex index, int classes) throws IOException {
        Path path = new Path(directory, shard.file());
        ShardFraming framing = new ShardFraming(shard.name());
        try (FSDataInputStream in = fs.open(path)) {
            long position = 0;
            byte[] expected = framing.header();
            for (int record = 0; record < index.records(); record++) {
                String id = index.id(record);
                String name = path + ": record " + record + " (" + id + ")";
                expected = concat(expected, framing.before(id, index.label(record), index.length(record)));
                if (index.label(record) >= classes) {
                    damages.add(name + ": label is " + index.label(record) + " (expected 0 to " + (classes - 1) + ")");
                }
                if (index.offset(record) != position + expected.length) {
                    damages.add(name + ": its index has offset " + index.offset(record) + " (expected " + (position + expected.length) + ")");
                }
                byte[] bytes = new byte[expected.length + index.length(record)];
                String damage = read(in, position, bytes);
                if (damage.isEmpty()) {
                    checkRecord(name, expected, bytes, index.checksum(record));
                } else {
                    damages.add(name + ": " + damage);
                }
                position += bytes.length;
                expected = new byte[0];
            }
        }
    }

    private void checkRecord(String name, byte[] framing, byte[] bytes, int checksum) {
        if (!Arrays.equals(framing, 0, framing.length, bytes, 0, framing.length)) {
            damages.add(name + ": the bytes before its image are not those that were written");
        }
        int found = ShardIndex.checksum(bytes, framing.length, bytes.length - framing.length);
        if (found != checksum) {
            damages.add(name + ": CRC32C is " + String.format("0x%08X (expected 0x%08X)", found, checksum));
        }
    }

    private static String read(FSDataInputStream in, long position, byte[] bytes) throws IOException {
        try {
            in.readFully(position, bytes);
            return "";
        } catch (EOFException e) {
            return "the file ends within it";
        } catch (ChecksumException e) {
            return e.getMessage();
        }
    }

    private static byte[] concat(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
