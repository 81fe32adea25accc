package sknet.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.function.BooleanSupplier;
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
import sknet.data.order.WindowedOrder;
import sknet.data.order.Windows;
import sknet.data.shard.CorruptShardException;
import sknet.data.shard.CountingFileSystem;
import sknet.data.shard.ShardedSplit;
import sknet.data.shard.SmallDataset;

@Timeout(30)
class WindowReaderTest {
    private static final int IMAGES = 240;
    private static final int IMAGE_BYTES = 3000;
    private static final int BATCH = 4;
    /** 60 steps of one lane, 10 a window. */
    private static final Windows WINDOWS = new Windows(1, BATCH, 10);

    private final Configuration hadoop = CountingFileSystem.configuration();
    private final List<byte[]> images = new ArrayList<>();
    @TempDir
    private java.nio.file.Path folder;
    private ShardedSplit split;

    @BeforeEach
    void open() throws IOException {
        Random random = new Random(1);
        for (int i = 0; i < IMAGES; i++) {
            byte[] image = new byte[IMAGE_BYTES];
            random.nextBytes(image);
            images.add(image);
        }
        Path dataset = new Path(folder.toUri().toString());
        SmallDataset.write(dataset.getFileSystem(hadoop), dataset, images, 16);
        split = ShardedSplit.open(hadoop, dataset, "train", 0);
        CountingFileSystem.reset();
    }

    @AfterEach
    void close() throws IOException {
        split.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void theReadersOfAnyNumberOfExecutorsReadAnEpochOnceFromFrontToBack(int executors) throws IOException {
        Windows windows = new Windows(4, BATCH, 5);
        WindowedOrder order = order(0, windows);
        int own = 4 / executors;
        for (int rank = 0; rank < executors; rank++) {
            List<BatchRequest> requests = new ArrayList<>();
            for (int step = 0; step < 15; step++) {
                for (int lane = rank * own; lane < (rank + 1) * own; lane++) {
                    requests.add(request(order, 0, step * 16 + lane * BATCH));
                }
            }
            assertEquals(requests.size(), takeAll(requests));
        }
        long bytes = CountingFileSystem.bytes(".seq");
        assertTrue(bytes <= IMAGES * (IMAGE_BYTES + 100L) && bytes >= IMAGES * IMAGE_BYTES, bytes + " bytes read");
        // 3 windows in each of 4 lanes, of 20 images in shards of 16: at most 3 runs.
        assertTrue(CountingFileSystem.jumps(".seq") <= 3 * 4 * 3, CountingFileSystem.jumps(".seq") + " jumps");
    }

    @Test
    void anEpochsEndAndTheNextOnesBeginningAreTwoWindows() throws IOException {
        List<BatchRequest> requests = new ArrayList<>(requests(0, 50));
        requests.addAll(requests(1, 0));
        assertEquals(70, takeAll(requests));
    }

    @Test
    void fromTheMiddleOfAWindowOnlyTheRestIsRead() throws IOException {
        assertEquals(5, takeAll(requests(0, 55)));
        assertTrue(CountingFileSystem.bytes(".seq") < 20 * (IMAGE_BYTES + 100), CountingFileSystem.bytes(".seq") + " bytes read");
    }

    @Test
    void twoWindowsAreInMemoryAndNoMore() throws Exception {
        try (WindowReader reader = new WindowReader(split, requests(0, 0).iterator())) {
            for (int window = 1; window <= 4; window++) {
                for (int step = 0; step < 10; step++) {
                    take(reader, reader.next());
                    // The first request of a window makes room for another one.
                    int read = (window + 1) * 10 * BATCH;
                    await(() -> CountingFileSystem.bytes(".seq") >= (long) read * IMAGE_BYTES);
                    Thread.sleep(5);
                    assertTrue(CountingFileSystem.bytes(".seq") <= (long) read * (IMAGE_BYTES + 100), "window " + window);
                }
            }
        }
    }

    @Test
    void aCorruptRecordIsAnErrorWhereItIsTakenAndTheOthersAreThere() throws IOException {
        damage(37);
        try (WindowReader reader = new WindowReader(split, requests(0, 0).iterator())) {
            int corrupt = 0;
            while (reader.hasNext()) {
                for (int ordinal : reader.next().ordinals()) {
                    if (ordinal == 37) {
                        String message = assertThrows(CorruptShardException.class, () -> reader.read(ordinal)).getMessage();
                        assertTrue(message.startsWith("Cannot read record 5 (train/dog/37.png) of "), message);
                        corrupt++;
                    } else {
                        assertArrayEquals(images.get(ordinal), reader.read(ordinal).bytes());
                    }
                }
            }
            assertEquals(1, corrupt);
        }
    }

    @Test
    void aShardThatIsGoneIsAnErrorWhereItIsTaken() throws IOException {
        Files.delete(folder.resolve("train/shard-00002.seq"));
        try (WindowReader reader = new WindowReader(split, requests(0, 0).iterator())) {
            IOException failure = assertThrows(IOException.class, () -> {
                while (reader.hasNext()) {
                    take(reader, reader.next());
                }
            });
            assertTrue(failure.getMessage().contains("shard-00002.seq"), failure.getMessage());
        }
    }

    @Test
    void aFailureOfTheRequestsReachesTheConsumer() {
        Iterator<BatchRequest> failing = IntStream.range(0, 1).<BatchRequest>mapToObj(i -> {
            throw new IllegalStateException("no more orders");
        }).iterator();
        try (WindowReader reader = new WindowReader(split, failing)) {
            assertEquals("no more orders", assertThrows(IllegalStateException.class, reader::hasNext).getMessage());
        }
    }

    @Test
    void closingEndsTheThreadAndAWaitForAWindow() throws Exception {
        Iterator<BatchRequest> slow = IntStream.iterate(0, i -> i + 1).mapToObj(i -> {
            pause(i == 3 ? 300 : 0);
            return new BatchRequest(i / 2, 0, new int[] {i});
        }).iterator();
        WindowReader reader = new WindowReader(split, slow);
        reader.next();
        reader.next();
        Thread waiting = new Thread(() -> assertFalse(reader.hasNext()));
        waiting.start();
        reader.close();
        waiting.join();
        assertTrue(Thread.getAllStackTraces().keySet().stream().noneMatch(thread -> thread.getName().equals("sknet-window")));
    }

    @Test
    void theRequestsArePassedOnAndASampleIsTakenOnce() throws IOException {
        List<BatchRequest> requests = requests(0, 58);
        try (WindowReader reader = new WindowReader(split, requests.iterator())) {
            assertSame(requests.get(0), reader.next());
            int ordinal = requests.get(0).ordinals()[0];
            reader.read(ordinal);
            assertEquals("Cannot take sample " + ordinal + " (expected one of the present window, once)",
                    assertThrows(IllegalArgumentException.class, () -> reader.read(ordinal)).getMessage());
            assertSame(requests.get(1), reader.next());
            assertThrows(NoSuchElementException.class, reader::next);
        }
    }

    private WindowedOrder order(int epoch, Windows windows) {
        return new WindowedOrder(1, epoch, split.shardRecords(), windows);
    }

    /** One lane's from a step to the end of an epoch. */
    private List<BatchRequest> requests(int epoch, int step) {
        WindowedOrder order = order(epoch, WINDOWS);
        return IntStream.range(step, IMAGES / BATCH).mapToObj(i -> request(order, epoch, i * BATCH)).toList();
    }

    private static BatchRequest request(WindowedOrder order, int epoch, int position) {
        return new BatchRequest(epoch, order.windowAt(position), IntStream.range(position, position + BATCH).map(order::at).toArray());
    }

    private int takeAll(List<BatchRequest> requests) throws IOException {
        int taken = 0;
        try (WindowReader reader = new WindowReader(split, requests.iterator())) {
            while (reader.hasNext()) {
                take(reader, reader.next());
                taken++;
            }
        }
        return taken;
    }

    private void take(WindowReader reader, BatchRequest request) throws IOException {
        for (int ordinal : request.ordinals()) {
            ShardedSplit.Sample sample = reader.read(ordinal);
            assertEquals(ordinal, sample.ordinal());
            assertEquals(ordinal % 2, sample.label());
            assertArrayEquals(images.get(ordinal), sample.bytes());
        }
    }

    private void damage(int ordinal) throws IOException {
        try (RandomAccessFile file = new RandomAccessFile(folder.resolve(String.format("train/shard-%05d.seq", ordinal / 16)).toFile(), "rw")) {
            byte[] content = new byte[(int) file.length()];
            file.readFully(content);
            int start = indexOf(content, images.get(ordinal));
            file.seek(start);
            file.write(content[start] ^ 1);
        }
    }

    private static int indexOf(byte[] content, byte[] part) {
        for (int start = 0; start + part.length <= content.length; start++) {
            if (Arrays.equals(content, start, start + part.length, part, 0, part.length)) {
                return start;
            }
        }
        throw new IllegalArgumentException("Cannot find the image");
    }

    private static void await(BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            Thread.sleep(1);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
