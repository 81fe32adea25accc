package sknet.data.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.function.Consumer;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardIndexTest {
    private static final int COUNT = 8;
    private static final int FIRST_OFFSET = 12;
    private static final int FIRST_LENGTH = 20;
    private static final int FIRST_LABEL = 24;
    private static final int FIRST_ID = 12 + 2 * 20;

    @TempDir
    private java.nio.file.Path folder;

    @Test
    void everyFieldComesBack() throws IOException {
        ShardIndex index = read(content());
        assertEquals(2, index.records());
        assertEquals(100L, index.offset(0));
        assertEquals(5_000_000_000L, index.offset(1));
        assertEquals(3, index.length(0));
        assertEquals(9, index.label(1));
        assertEquals(0xF130F21E, index.checksum(0));
        assertEquals("train/cat/é.jpg", index.id(0));
        assertEquals("b", index.id(1));
    }

    @Test
    void everyFlippedByteIsFound() throws IOException {
        byte[] content = content();
        for (int i = 0; i < content.length; i++) {
            byte[] damaged = content.clone();
            damaged[i] ^= 0x10;
            assertThrows(CorruptShardException.class, () -> ShardIndex.parse(path(), damaged), "byte " + i);
        }
    }

    @Test
    void everyTruncationIsFound() throws IOException {
        byte[] content = content();
        for (int length = 0; length < content.length; length++) {
            byte[] truncated = Arrays.copyOf(content, length);
            assertThrows(CorruptShardException.class, () -> read(truncated), "length " + length);
        }
    }

    @Test
    void aTruncatedIndexIsNamedWithItsChecksums() throws IOException {
        byte[] truncated = Arrays.copyOf(content(), content().length - 5);
        String message = message(truncated);
        assertEquals("Cannot read index " + path() + ": CRC32C is 0x", message.substring(0, message.indexOf("0x") + 2));
    }

    @Test
    void aShortFileAndAForeignFileAreNamed() throws IOException {
        assertEquals("Cannot read index " + path() + ": it is 0 bytes long (expected 16 to 1073741824)", message(new byte[0]));
        assertEquals("Cannot read index " + path()
                + ": it starts with 0x50515253, version 1414878805 (expected 0x534B4958, version 1)",
                message("PQRSTUVUXYZ PQRSTUVWXYZ".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void aForgedFieldIsRefusedEvenWithAGoodChecksum() throws IOException {
        assertForged(file -> file.putInt(COUNT, Integer.MAX_VALUE),
                "it counts 2147483647 records (expected as many as its 81 bytes can hold)");
        assertForged(file -> file.putInt(COUNT, -1), "it counts -1 records (expected as many as its 81 bytes can hold)");
        assertForged(file -> file.putInt(FIRST_ID, Integer.MAX_VALUE),
                "the id of record 0 has length 2147483647 (expected 0 to 65536)");
        assertForged(file -> file.putInt(FIRST_LENGTH, -3),
                "record 0 has offset 100, length -3 and label 0 (expected none below 0, and a length to 67108864)");
        assertForged(file -> file.putInt(FIRST_LENGTH, Integer.MAX_VALUE),
                "record 0 has offset 100, length 2147483647 and label 0 (expected none below 0, and a length to 67108864)");
        assertForged(file -> file.putLong(FIRST_OFFSET, -1),
                "record 0 has offset -1, length 3 and label 0 (expected none below 0, and a length to 67108864)");
        assertForged(file -> file.putInt(FIRST_LABEL, -1),
                "record 0 has offset 100, length 3 and label -1 (expected none below 0, and a length to 67108864)");
    }

    private void assertForged(Consumer<ByteBuffer> change, String finding) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(content());
        change.accept(file);
        int end = file.capacity() - Integer.BYTES;
        file.putInt(end, ShardIndex.checksum(file.array(), 0, end));
        assertEquals("Cannot read index " + path() + ": " + finding, message(file.array()));
    }

    private static byte[] content() {
        ShardIndex.Builder builder = new ShardIndex.Builder();
        builder.add(100, 0, new byte[] {1, 2, 3}, "train/cat/é.jpg".getBytes(StandardCharsets.UTF_8));
        builder.add(5_000_000_000L, 9, new byte[0], "b".getBytes(StandardCharsets.UTF_8));
        return builder.build();
    }

    private String message(byte[] content) {
        return assertThrows(CorruptShardException.class, () -> read(content)).getMessage();
    }

    private ShardIndex read(byte[] content) throws IOException {
        Files.write(folder.resolve("shard-00000.idx"), content);
        FileSystem fs = path().getFileSystem(SmallDataset.rawLocal());
        return ShardIndex.read(fs, path());
    }

    private Path path() {
        return new Path(folder.resolve("shard-00000.idx").toUri());
    }
}
