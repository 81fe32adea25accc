package sknet.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sknet.data.shard.SampleSource;
import sknet.data.shard.ShardedSplit;
import sknet.data.shard.SmallDataset;

@Timeout(30)
class PrefetcherTest {
    private static final int IMAGES = 20;
    private static final int THREADS = 3;
    private static final float[] MEAN = {10, 20, 30};
    private static final ImageTransform AUGMENT = new RandomResizedCrop(8, 0.3, 1, 0.75, 4.0 / 3, 0.5);

    private final Configuration hadoop = SmallDataset.rawLocal();
    @TempDir
    private java.nio.file.Path folder;
    private Path dataset;
    private ShardedSplit split;

    @BeforeEach
    void open() throws IOException {
        List<byte[]> images = new ArrayList<>();
        for (int i = 0; i < IMAGES; i++) {
            images.add(TestImages.encode(TestImages.picture(20 + i, 16, i), i % 2 == 0 ? "png" : "jpg"));
        }
        dataset = new Path(folder.toUri().toString());
        SmallDataset.write(dataset.getFileSystem(hadoop), dataset, images, 6);
        split = ShardedSplit.open(hadoop, dataset, "train", 1 << 20);
    }

    @AfterEach
    void close() throws IOException {
        split.close();
    }

    @Test
    void anImagesValuesDependOnSeedEpochAndOrdinalAlone() throws IOException {
        int[] all = IntStream.range(0, IMAGES).toArray();
        float[] together = read(1, 2, all);
        for (int ordinal : all) {
            assertArrayEquals(image(together, ordinal), read(1, 2, ordinal), "image " + ordinal);
        }
        assertFalse(Arrays.equals(together, read(1, 3, all)), "the epoch must matter");
        assertFalse(Arrays.equals(together, read(2, 2, all)), "the seed must matter");
    }

    @Test
    void labelsFollowTheOrdinals() throws IOException {
        int[] labels = new int[3];
        reader(1).read(new int[] {4, 7, 19}, 0, FloatBuffer.allocate(3 * 192), labels);
        assertArrayEquals(new int[] {0, 1, 1}, labels);
    }

    @Test
    void aBufferThatIsTooSmallIsNamed() {
        assertEquals("Cannot read a batch of 2: room for 383 values and 2 labels (expected 192 values and 1 label an image)",
                assertThrows(IllegalArgumentException.class,
                        () -> reader(1).read(new int[] {0, 1}, 0, FloatBuffer.allocate(383), new int[2])).getMessage());
    }

    @Test
    void anImageThatCannotBeDecodedIsNamed() throws IOException {
        Path other = new Path(dataset, "other");
        SmallDataset.write(other.getFileSystem(hadoop), other, List.of(new byte[] {1, 2, 3}), 1);
        try (ShardedSplit broken = ShardedSplit.open(hadoop, other, "val", 0)) {
            BatchReader reader = new BatchReader(broken, AUGMENT, MEAN, 1);
            assertEquals("Cannot decode val/cat/0.png (sample 0): it is no JPEG or PNG image (starts with 0x010203)",
                    assertThrows(IOException.class, () -> reader.read(new int[] {0}, 0, FloatBuffer.allocate(192), new int[1]))
                    .getMessage());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 9})
    void batchesComeInOrderWithTheValuesOfADirectReadWhateverTheThreads(int threads) throws Exception {
        List<BatchRequest> requests = List.of(new BatchRequest(0, new int[] {3, 1, 2, 9}),
                new BatchRequest(0, new int[] {5, 6, 7, 8}),
                new BatchRequest(1, new int[] {0, 4}), new BatchRequest(1, new int[0]),
                new BatchRequest(2, new int[] {3, 1, 2, 9, 11}));
        try (Prefetcher prefetcher = new Prefetcher(reader(1), requests.iterator(), 2, threads)) {
            for (BatchRequest request : requests) {
                Batch batch = prefetcher.next();
                assertSame(request, batch.request());
                assertEquals(request.ordinals().length, batch.count());
                assertArrayEquals(read(1, request.epoch(), request.ordinals()), values(batch));
                for (int i = 0; i < batch.count(); i++) {
                    assertEquals(request.ordinals()[i] % 2, batch.labels()[i]);
                }
            }
            assertThrows(NoSuchElementException.class, prefetcher::next);
            assertThrows(NoSuchElementException.class, prefetcher::next);
        }
    }

    @Test
    void aBatchStaysUntouchedUntilTheNextIsAskedFor() throws Exception {
        try (Prefetcher prefetcher = new Prefetcher(reader(1), endless(), 2, THREADS)) {
            for (int i = 0; i < 20; i++) {
                Batch batch = prefetcher.next();
                float[] before = values(batch);
                Thread.sleep(5);
                assertArrayEquals(before, values(batch));
            }
        }
    }

    @Test
    void theBuffersAreDirectAndNoMoreThanTheDepth() throws Exception {
        Set<Integer> labelArrays = new HashSet<>();
        try (Prefetcher prefetcher = new Prefetcher(reader(1), endless(), 3, THREADS)) {
            for (int i = 0; i < 30; i++) {
                Batch batch = prefetcher.next();
                assertTrue(batch.images().isDirect());
                assertEquals(ByteOrder.nativeOrder(), batch.images().order());
                labelArrays.add(System.identityHashCode(batch.labels()));
            }
        }
        assertEquals(3, labelArrays.size());
    }

    @Test
    void aFailureAheadReachesTheConsumerInItsTurn() throws Exception {
        Files.write(folder.resolve("train/shard-00003.seq"), new byte[10]);
        List<BatchRequest> requests = List.of(new BatchRequest(0, new int[] {0, 1}), new BatchRequest(0, new int[] {18}));
        try (Prefetcher prefetcher = new Prefetcher(reader(1), requests.iterator(), 2, THREADS)) {
            assertEquals(2, prefetcher.next().count());
            String message = assertThrows(IOException.class, prefetcher::next).getMessage();
            assertTrue(message.startsWith("Cannot read record 0 (train/cat/18.png) of " + dataset
                    + "/train/shard-00003.seq: it is 10 bytes"), message);
            assertEquals(message, assertThrows(IOException.class, prefetcher::next).getMessage());
        }
    }

    @Test
    void ofSeveralFailuresInABatchTheFirstReachesTheConsumer() throws Exception {
        Files.write(folder.resolve("train/shard-00001.seq"), new byte[10]);
        for (int attempt = 0; attempt < 50; attempt++) {
            List<BatchRequest> requests = List.of(new BatchRequest(0, new int[] {0, 1, 9, 8, 10, 11, 7, 2}));
            try (Prefetcher prefetcher = new Prefetcher(reader(1), requests.iterator(), 2, 4)) {
                String message = assertThrows(IOException.class, prefetcher::next).getMessage();
                assertTrue(message.startsWith("Cannot read record 3 (train/dog/9.png)"), message);
            }
        }
    }

    @Test
    void aFailureOfTheRequestsReachesTheConsumer() throws Exception {
        Iterator<BatchRequest> failing = IntStream.range(0, 1).<BatchRequest>mapToObj(i -> {
            throw new IllegalStateException("no more orders");
        }).iterator();
        try (Prefetcher prefetcher = new Prefetcher(reader(1), failing, 2, THREADS)) {
            assertEquals("no more orders", assertThrows(IllegalStateException.class, prefetcher::next).getMessage());
        }
    }

    @Test
    void closingEndsTheThreadWhetherItWaitsOrWorks() throws Exception {
        for (int taken = 0; taken < 3; taken++) {
            Prefetcher prefetcher = new Prefetcher(reader(1), endless(), 2, THREADS);
            for (int i = 0; i < taken; i++) {
                prefetcher.next();
            }
            prefetcher.close();
            prefetcher.close();
            assertTrue(Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("sknet-")));
            assertEquals("Cannot take a batch: the prefetcher is closed",
                    assertThrows(IllegalStateException.class, prefetcher::next).getMessage());
        }
    }

    @Test
    void theConsumersWaitIsMeasured() throws Exception {
        Iterator<BatchRequest> slow = IntStream.range(0, 2).mapToObj(i -> {
            pause(Duration.ofMillis(i == 0 ? 150 : 0));
            return new BatchRequest(0, new int[] {i});
        }).iterator();
        try (Prefetcher prefetcher = new Prefetcher(reader(1), slow, 2, THREADS)) {
            assertEquals(Duration.ZERO, prefetcher.waited());
            prefetcher.next();
            Duration first = prefetcher.waited();
            assertTrue(first.toMillis() >= 100, first::toString);
            pause(Duration.ofMillis(400));
            prefetcher.next();
            assertTrue(prefetcher.waited().minus(first).toMillis() < 100, prefetcher.waited()::toString);
        }
    }

    @Test
    void severalViewsAreThoseOfReadersOfOneAndTheRecordIsReadOnce() throws Exception {
        List<ImageTransform> views = List.of(new ResizeCentreCrop(10, 8), AUGMENT, new ResizeCentreCrop(14, 12));
        List<BatchRequest> requests = List.of(new BatchRequest(2, new int[] {3, 0, 19}), new BatchRequest(2, new int[] {7}));
        AtomicInteger reads = new AtomicInteger();
        SampleSource counting = ordinal -> {
            reads.incrementAndGet();
            return split.read(ordinal);
        };
        try (Prefetcher prefetcher = new Prefetcher(BatchReader.ofViews(counting, views, MEAN, 1), requests.iterator(), 2, THREADS)) {
            for (BatchRequest request : requests) {
                Batch batch = prefetcher.next();
                assertEquals(views.size(), batch.views().size());
                for (int view = 0; view < views.size(); view++) {
                    int[] ordinals = request.ordinals();
                    FloatBuffer expected = FloatBuffer.allocate(ordinals.length * 3 * views.get(view).size() * views.get(view).size());
                    new BatchReader(split, views.get(view), MEAN, 1).read(ordinals, 2, expected, new int[ordinals.length]);
                    assertEquals(expected, batch.views().get(view).duplicate().rewind(), "view " + view);
                }
            }
        }
        assertEquals(4, reads.get());
    }

    private BatchReader reader(long seed) {
        return new BatchReader(split, AUGMENT, MEAN, seed);
    }

    private float[] read(long seed, int epoch, int... ordinals) throws IOException {
        FloatBuffer images = FloatBuffer.allocate(ordinals.length * 192);
        reader(seed).read(ordinals, epoch, images, new int[ordinals.length]);
        return images.array();
    }

    private static float[] image(float[] batch, int position) {
        return Arrays.copyOfRange(batch, position * 192, (position + 1) * 192);
    }

    private static float[] values(Batch batch) {
        float[] values = new float[batch.images().remaining()];
        batch.images().get(0, values);
        return values;
    }

    private static Iterator<BatchRequest> endless() {
        return IntStream.iterate(0, i -> i + 1).mapToObj(i -> new BatchRequest(i, new int[] {i % IMAGES, (i + 1) % IMAGES}))
                .iterator();
    }

    private static void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
