package sknet.data.shard;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShardedSplitTest {
    private static final long NO_CACHE = 0;
    private static final long AMPLE_CACHE = 1 << 30;
    private static final int IMAGES = 10;

    private final Configuration hadoop = SmallDataset.rawLocal();
    private final List<byte[]> images = new ArrayList<>();
    @TempDir
    private java.nio.file.Path folder;
    private Path dataset;
    private DatasetManifest manifest;

    @BeforeEach
    void write() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < IMAGES; i++) {
            byte[] image = new byte[1000 + i];
            random.nextBytes(image);
            images.add(image);
        }
        dataset = new Path(folder.toUri().toString());
        manifest = SmallDataset.write(dataset.getFileSystem(hadoop), dataset, images, 4);
    }

    @ParameterizedTest
    @ValueSource(longs = {NO_CACHE, 5000, AMPLE_CACHE})
    void everyRecordComesBackWhateverTheCache(long cacheBytes) throws IOException {
        try (ShardedSplit split = ShardedSplit.open(hadoop, dataset, "train", cacheBytes)) {
            assertEquals(IMAGES, split.size());
            for (int ordinal = IMAGES - 1; ordinal >= 0; ordinal--) {
                assertSample(split.read(ordinal), ordinal);
            }
        }
    }

    @Test
    void manyThreadsMayRead() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try (ShardedSplit split = ShardedSplit.open(hadoop, dataset, "val", 5000)) {
            Callable<Void> readAll = () -> {
                for (int i = 0; i < 50 * IMAGES; i++) {
                    assertArrayEquals(images.get(i % IMAGES), split.read(i % IMAGES).bytes());
                }
                return null;
            };
            for (Future<Void> future : threads.invokeAll(List.of(readAll, readAll, readAll, readAll))) {
                future.get();
            }
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void aCachedShardIsReadOnceAndTheOthersRecordByRecord() throws IOException {
        long first = manifest.split("train").shards().get(0).bytes();
        try (ShardedSplit split = ShardedSplit.open(hadoop, dataset, "train", first)) {
            assertSample(split.read(0), 0);
            Files.delete(folder.resolve("train/shard-00000.seq"));
            truncate("train/shard-00001.seq", 0);
            assertSample(split.read(3), 3);
            assertThrows(CorruptShardException.class, () -> split.read(4));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {NO_CACHE, AMPLE_CACHE})
    void aFlippedByteIsAnErrorThatNamesShardAndRecord(long cacheBytes) throws IOException {
        flipLastByte("train/shard-00001.seq");
        try (ShardedSplit split = ShardedSplit.open(hadoop, dataset, "train", cacheBytes)) {
            byte[] damaged = images.get(7).clone();
            damaged[damaged.length - 1] ^= 1;
            String expected = String.format("Cannot read record 3 (train/dog/7.png) of %s/train/shard-00001.seq: CRC32C is "
                    + "0x%08X (expected 0x%08X)",
                    dataset, ShardIndex.checksum(damaged, 0, damaged.length),
                    ShardIndex.checksum(images.get(7), 0, damaged.length));
            assertEquals(expected, assertThrows(CorruptShardException.class, () -> split.read(7)).getMessage());
            assertSample(split.read(6), 6);
            assertSample(split.read(8), 8);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {NO_CACHE, AMPLE_CACHE})
    void aTruncatedShardIsAnErrorThatNamesShardAndRecord(long cacheBytes) throws IOException {
        long bytes = manifest.split("train").shards().get(0).bytes();
        truncate("train/shard-00000.seq", 2500);
        try (ShardedSplit split = ShardedSplit.open(hadoop, dataset, "train", cacheBytes)) {
            assertSample(split.read(1), 1);
            assertEquals("Cannot read record 2 (train/cat/2.png) of " + dataset
                    + "/train/shard-00000.seq: it is 2500 bytes long (expected "
                    + bytes + ")", assertThrows(CorruptShardException.class, () -> split.read(2)).getMessage());
        }
    }

    @Test
    void whereTheFileSystemHasChecksumsOfItsOwnOnlyTheDamagedRecordIsLostToo() throws IOException {
        Configuration checked = new Configuration();
        checked.setClass("fs.file.impl", LocalFileSystem.class, FileSystem.class);
        checked.setBoolean("fs.file.impl.disable.cache", true);
        Path other = new Path(folder.resolve("checked").toUri());
        SmallDataset.write(other.getFileSystem(checked), other, images, 4);
        flipLastByte("checked/train/shard-00001.seq");
        for (long cacheBytes : new long[] {NO_CACHE, AMPLE_CACHE}) {
            try (ShardedSplit split = ShardedSplit.open(checked, other, "train", cacheBytes)) {
                assertSample(split.read(4), 4);
                String message = assertThrows(CorruptShardException.class, () -> split.read(7)).getMessage();
                assertTrue(message.startsWith("Cannot read record 3 (train/dog/7.png) of " + other
                        + "/train/shard-00001.seq: CRC32C is "), message);
                assertSample(split.read(6), 6);
            }
        }
    }

    @Test
    void aScanTellsEachRecordInOrderAndWhatIsWrongWithTheOthers() throws IOException {
        flipLastByte("train/shard-00001.seq");
        truncate("train/shard-00002.seq", 0);
        List<String> told = new ArrayList<>();
        try (ShardedSplit split = ShardedSplit.open(hadoop, dataset, "train", AMPLE_CACHE)) {
            split.scan(new int[] {1, 2, 6, 7, 8}, new SampleSink() {
                @Override
                public boolean read(ShardedSplit.Sample sample) {
                    assertSample(sample, sample.ordinal());
                    return told.add("sample " + sample.ordinal());
                }

                @Override
                public boolean failed(int ordinal, IOException failure) {
                    assertTrue(failure instanceof CorruptShardException, failure.toString());
                    return told.add(ordinal + ": " + failure.getMessage().replaceAll(".*seq: ", "").replaceAll("0x.*", "…"));
                }
            });
            assertEquals(List.of("sample 1", "sample 2", "sample 6", "7: CRC32C is …", "8: it is 0 bytes long (expected "
                    + manifest.split("train").shards().get(2).bytes() + ")"), told);
        }
    }

    @Test
    void recordsHaveAPlaceAndANextOne() throws IOException {
        try (ShardedSplit split = ShardedSplit.open(hadoop, dataset, "train", 0)) {
            assertArrayEquals(new int[] {4, 4, 2}, split.shardRecords());
            assertEquals("record 3 (train/dog/7.png) of " + dataset + "/train/shard-00001.seq", split.place(7));
            assertEquals(List.of(6, 4, 9, 8), List.of(split.nextInShard(5), split.nextInShard(7), split.nextInShard(8), split.nextInShard(9)));
        }
    }

    @Test
    void anIndexOfAnotherDatasetIsRefused() throws IOException {
        Files.copy(folder.resolve("val/shard-00000.idx"), folder.resolve("train/shard-00000.idx"),
                java.nio.file.StandardCopyOption.REPLACE_EXISTING);
        String message = assertThrows(CorruptShardException.class, () -> ShardedSplit.open(hadoop, dataset, "train", 0))
                .getMessage();
        assertTrue(message.startsWith("Cannot read index " + dataset + "/train/shard-00000.idx: SHA-256 is "), message);
        assertTrue(message.endsWith(manifest.split("train").shards().get(0).indexSha256() + " as the manifest says)"), message);
    }

    @Test
    void anUnknownSplitAndAnOrdinalBeyondTheEndAreNamed() throws IOException {
        assertEquals("Cannot open split 'test' (expected one of [train, val])",
                assertThrows(IllegalArgumentException.class, () -> ShardedSplit.open(hadoop, dataset, "test", 0)).getMessage());
        try (ShardedSplit split = ShardedSplit.open(hadoop, dataset, "val", 0)) {
            assertEquals("Cannot read sample 10 (expected 0 to 9)",
                    assertThrows(IndexOutOfBoundsException.class, () -> split.read(10)).getMessage());
        }
    }

    @Test
    void aClosedSplitSaysSo() throws IOException {
        ShardedSplit split = ShardedSplit.open(hadoop, dataset, "val", 0);
        split.read(0);
        split.close();
        assertEquals("Cannot read " + dataset + "/val/shard-00000.seq: it is closed",
                assertThrows(IOException.class, () -> split.read(0)).getMessage());
    }

    private void assertSample(ShardedSplit.Sample sample, int ordinal) {
        assertEquals(ordinal, sample.ordinal());
        assertEquals(ordinal % 2, sample.label());
        assertEquals("train/" + (ordinal % 2 == 0 ? "cat/" : "dog/") + ordinal + ".png", sample.id());
        assertArrayEquals(images.get(ordinal), sample.bytes());
    }

    private void flipLastByte(String file) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(folder.resolve(file).toFile(), "rw")) {
            access.seek(access.length() - 1);
            int last = access.read();
            access.seek(access.length() - 1);
            access.write(last ^ 1);
        }
    }

    private void truncate(String file, long length) throws IOException {
        try (RandomAccessFile access = new RandomAccessFile(folder.resolve(file).toFile(), "rw")) {
            access.setLength(length);
        }
    }
}
