package sknet.data.shard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.BytesWritable;
import org.apache.hadoop.io.SequenceFile;
import org.apache.hadoop.io.Text;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardWriterTest {
    private final Configuration hadoop = SmallDataset.rawLocal();
    @TempDir
    private java.nio.file.Path folder;
    private FileSystem fs;
    private Path directory;

    @BeforeEach
    void open() throws IOException {
        directory = new Path(folder.resolve("train").toUri());
        fs = directory.getFileSystem(hadoop);
    }

    @Test
    void hadoopsOwnReaderReadsAShard() throws IOException {
        byte[][] images = images(30, 20_000);
        write(fs, images);
        Path shard = new Path(directory, "shard-00000.seq");
        try (SequenceFile.Reader reader = new SequenceFile.Reader(hadoop, SequenceFile.Reader.file(shard))) {
            assertFalse(reader.isCompressed());
            Text key = new Text();
            BytesWritable value = new BytesWritable();
            for (int i = 0; i < images.length; i++) {
                assertTrue(reader.next(key, value));
                assertEquals(i % 3 + "\ttrain/c/" + i + ".jpg", key.toString());
                assertArrayEquals(images[i], value.copyBytes());
            }
            assertFalse(reader.next(key, value));
        }
    }

    @Test
    void hadoopsReaderFindsRecordsFromTheMiddleBySyncMarks() throws IOException {
        write(fs, images(30, 20_000));
        try (SequenceFile.Reader reader = new SequenceFile.Reader(hadoop,
                SequenceFile.Reader.file(new Path(directory, "shard-00000.seq")))) {
            reader.sync(300_000);
            Text key = new Text();
            assertTrue(reader.next(key));
            assertEquals("0\ttrain/c/18.jpg", key.toString());
        }
    }

    @Test
    void theSameRecordsGiveTheSameBytes() throws IOException {
        byte[][] images = images(5, 50_000);
        DatasetManifest.Shard first = write(fs, images);
        byte[] bytes = Files.readAllBytes(folder.resolve("train/shard-00000.seq"));
        fs.delete(directory, true);
        assertEquals(first, write(fs, images));
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("train/shard-00000.seq")));
        assertEquals(bytes.length, first.bytes());
    }

    @Test
    void aWriterClosedWithoutCommitLeavesNothing() throws IOException {
        try (ShardWriter writer = ShardWriter.create(fs, directory, 0)) {
            writer.append("train/c/0.jpg", 0, new byte[100]);
            assertEquals(1, files().size());
        }
        assertEquals(List.of(), files());
    }

    @Test
    void aRefusedRenameOfTheShardLeavesNothing() throws IOException {
        FileSystem faulty = new RefusingRename(fs, ".seq");
        String message = assertThrows(IOException.class, () -> write(faulty, images(2, 10))).getMessage();
        assertTrue(message.startsWith("Cannot write " + directory + "/shard-00000.seq: rename of _shard-00000.seq."), message);
        assertTrue(message.endsWith(" was refused (expected true)"), message);
        assertEquals(List.of(), files());
    }

    @Test
    void aRefusedRenameOfTheIndexLeavesNothing() throws IOException {
        FileSystem faulty = new RefusingRename(fs, ".idx");
        String message = assertThrows(IOException.class, () -> write(faulty, images(2, 10))).getMessage();
        assertTrue(message.startsWith("Cannot write " + directory + "/shard-00000.idx: rename of "), message);
        assertEquals(List.of(), files());
    }

    @Test
    void aSecondAttemptAtTheSameShardIsAccepted() throws IOException {
        assertEquals(write(fs, images(3, 10)), write(fs, images(3, 10)));
        assertEquals(List.of("shard-00000.idx", "shard-00000.seq"), files());
    }

    @Test
    void anAttemptAfterOneThatDiedBetweenTheRenamesCompletesIt() throws IOException {
        DatasetManifest.Shard whole = write(fs, images(3, 10));
        fs.delete(new Path(directory, "shard-00000.idx"), false);
        assertEquals(whole, write(fs, images(3, 10)));
        assertEquals(List.of("shard-00000.idx", "shard-00000.seq"), files());
    }

    @Test
    void anAttemptWithOtherBytesIsAnErrorAndChangesNothing() throws IOException {
        write(fs, images(3, 10));
        byte[] bytes = Files.readAllBytes(folder.resolve("train/shard-00000.seq"));
        byte[][] others = images(3, 10);
        others[1][4]++;
        assertEquals("Cannot write " + directory
                + "/shard-00000.seq: it exists with other content (expected no file or the same bytes)",
                assertThrows(IOException.class, () -> write(fs, others)).getMessage());
        assertArrayEquals(bytes, Files.readAllBytes(folder.resolve("train/shard-00000.seq")));
        assertEquals(List.of("shard-00000.idx", "shard-00000.seq"), files());
    }

    @Test
    void aRecordThatIsTooLongIsNamed() throws IOException {
        try (ShardWriter writer = ShardWriter.create(fs, directory, 0)) {
            String message = assertThrows(IllegalArgumentException.class,
                    () -> writer.append("train/c/huge.jpg", 0, new byte[ShardWriter.MAX_IMAGE_BYTES + 1])).getMessage();
            assertTrue(message.startsWith("Cannot append train/c/huge.jpg to " + directory + "/shard-00000.seq: "), message);
        }
    }

    private DatasetManifest.Shard write(FileSystem target, byte[][] images) throws IOException {
        try (ShardWriter writer = ShardWriter.create(target, directory, 0)) {
            for (int i = 0; i < images.length; i++) {
                writer.append("train/c/" + i + ".jpg", i % 3, images[i]);
            }
            return writer.commit();
        }
    }

    private static byte[][] images(int count, int length) {
        Random random = new Random(count);
        byte[][] images = new byte[count][length];
        Arrays.stream(images).forEach(random::nextBytes);
        return images;
    }

    private List<String> files() throws IOException {
        try (Stream<java.nio.file.Path> files = Files.list(folder.resolve("train"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** Refuses to rename anything to a name with the given end, as HDFS does: by returning false. */
    private static final class RefusingRename extends FilterFileSystem {
        private final String suffix;

        RefusingRename(FileSystem fs, String suffix) {
            super(fs);
            this.suffix = suffix;
        }

        @Override
        public boolean rename(Path from, Path to) throws IOException {
            return !to.getName().endsWith(suffix) && super.rename(from, to);
        }
    }
}
