package sknet.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.sync.MessageHeader.Phase;

class DirectAllReduceTest {

    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void stop() throws InterruptedException {
        threads.shutdownNow();
        assertTrue(threads.awaitTermination(10, TimeUnit.SECONDS));
    }

    @ParameterizedTest
    @CsvSource({"1, 1000, 100", "2, 1000, 1000", "2, 1000, 64", "3, 1000, 300", "4, 3, 2", "5, 1, 100", "8, 1001, 7", "2, 3000000, 1000000"})
    void everyRankGetsTheBitsOfThePairwiseSum(int ranks, int length, int bucketFloats) throws Exception {
        everyRankGetsTheBitsOfThePairwiseSum(ranks, length, bucketFloats, false);
    }

    @ParameterizedTest
    @CsvSource({"2, 1000, 64", "3, 1000, 300", "4, 3, 2", "8, 1001, 7", "2, 3000000, 1000000"})
    void soItIsThroughSharedMemory(int ranks, int length, int bucketFloats) throws Exception {
        everyRankGetsTheBitsOfThePairwiseSum(ranks, length, bucketFloats, true);
    }

    private void everyRankGetsTheBitsOfThePairwiseSum(int ranks, int length, int bucketFloats, boolean sharing) throws Exception {
        List<INDArray> vectors = vectors(ranks, length);
        List<DirectAllReduce> replicas = replicas(vectors, WireType.FP32, bucketFloats, sharing);
        for (int step = 0; step < 5; step++) {
            vectors.forEach(vector -> vector.assign(Nd4j.rand(DataType.FLOAT, 1, length).subi(0.5)));
            INDArray expected = PairwiseSumTest.sum(vectors).reshape(length);
            int said = step;
            List<Integer> words = onAllRanks(replicas, replica -> {
                becomeReady(replica, length);
                return replica.finish(replica.rank() == 0 ? said : 99);
            });
            assertEquals(List.of(said), words.stream().distinct().toList(), "rank 0's word");
            for (int rank = 0; rank < ranks; rank++) {
                PairwiseSumTest.assertSameBits(expected, vectors.get(rank).reshape(length), "step " + step + " rank " + rank);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"2, 1000, 64, false", "3, 1000, 1000, false", "8, 1001, 7, false", "2, 100000, 100000, false", "3, 1000, 64, true"})
    void inBfloat16TheSumIsOneOfRoundedPartsAndRoundedItself(int ranks, int length, int bucketFloats, boolean sharing) throws Exception {
        List<INDArray> vectors = vectors(ranks, length);
        List<DirectAllReduce> replicas = replicas(vectors, WireType.BF16, bucketFloats, sharing);
        for (int step = 0; step < 3; step++) {
            vectors.forEach(vector -> vector.assign(Nd4j.rand(DataType.FLOAT, 1, length).subi(0.5)));
            INDArray expected = rounded(PairwiseSumTest.sum(vectors.stream().map(DirectAllReduceTest::rounded).toList())).reshape(length);
            onAllRanks(replicas, replica -> replica.finish(0));
            for (int rank = 0; rank < ranks; rank++) {
                PairwiseSumTest.assertSameBits(expected, vectors.get(rank).reshape(length), "step " + step + " rank " + rank);
            }
        }
    }

    private static INDArray rounded(INDArray vector) {
        float[] values = vector.toFloatVector();
        for (int i = 0; i < values.length; i++) {
            int bits = Float.floatToRawIntBits(values[i]);
            values[i] = Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000);
        }
        return Nd4j.createFromArray(values);
    }

    @Test
    void whatIsReadyTravelsBeforeTheRestIs() {
        List<String> sent = new ArrayList<>();
        DirectAllReduce replica = new DirectAllReduce(0, 2, Nd4j.create(DataType.FLOAT, 100), WireType.FP32, Duration.ofMillis(50), false, 25);
        replica.connect(List.of((h, p) -> null, (header, payload) -> {
            sent.add(header.phase() + " " + header.bucket());
            return CompletableFuture.completedFuture(null);
        }));
        replica.ready(80);
        assertEquals(List.of(), sent, "a bucket goes as a whole");
        replica.ready(74);
        replica.ready(40);
        assertEquals(List.of("SCATTER 3", "SCATTER 2"), sent, "from the end");
    }

    @Test
    void aLostPeerEndsTheSumWithItsCause() {
        DirectAllReduce replica = pair(1, Duration.ofSeconds(20), (h, p) -> new CompletableFuture<>());
        replica.fail(new IOException("executor 1 is gone"));
        assertEquals("Cannot all-reduce step 0 on rank 0: executor 1 is gone",
            assertThrows(IOException.class, () -> replica.finish(0)).getMessage());
    }

    @Test
    void aPeerThatDoesNotTakeItsDataEndsTheSum() {
        DirectAllReduce replica = pair(1, Duration.ofSeconds(20), (h, p) -> CompletableFuture.failedFuture(new IOException("broken pipe")));
        assertEquals("Cannot all-reduce step 0 on rank 0: rank 1 did not take its data: broken pipe",
            assertThrows(IOException.class, () -> replica.finish(0)).getMessage());
    }

    @Test
    void aSilentPeerEndsTheSumAfterTheTimeOutAndIsNamed() {
        DirectAllReduce replica = pair(1, Duration.ofMillis(50), (h, p) -> CompletableFuture.completedFuture(null));
        String message = assertThrows(IOException.class, () -> replica.finish(0)).getMessage();
        assertEquals("Cannot all-reduce step 0 on rank 0: in 0 s not all arrived from rank 1 (0 of 2 messages)", message);
    }

    @ParameterizedTest
    @EnumSource(Phase.class)
    void aMessageThatIsNotDueIsRefused(Phase phase) {
        DirectAllReduce replica = pair(10, Duration.ofSeconds(1), (h, p) -> new CompletableFuture<>());
        int bytes = 5 * Float.BYTES;
        assertEquals(bytes, replica.place(1, new MessageHeader(0, phase, 0, 0, bytes)).remaining());
        refused(replica, 0, new MessageHeader(0, phase, 0, 0, bytes));
        refused(replica, 2, new MessageHeader(0, phase, 0, 0, bytes));
        refused(replica, -1, new MessageHeader(0, phase, 0, 0, bytes));
        refused(replica, 1, new MessageHeader(0, phase, 1, 0, bytes));
        refused(replica, 1, new MessageHeader(0, phase, -1, 0, bytes));
        refused(replica, 1, new MessageHeader(0, phase, 0, 0, bytes + 4));
        refused(replica, 1, new MessageHeader(2, phase, 0, 0, bytes));
        refused(replica, 1, new MessageHeader(-1, phase, 0, 0, bytes));
    }

    @Test
    void aPartOfTheNextSumIsDueAtEveryMomentInWhichThatBecomesThePresentOne() throws Exception {
        int sums = 3_000;
        DirectAllReduce replica = pair(2, Duration.ofSeconds(20), (h, p) -> CompletableFuture.completedFuture(null));
        AtomicLong wanted = new AtomicLong();
        AtomicLong finished = new AtomicLong();
        AtomicLong asked = new AtomicLong();
        Future<?> asking = threads.submit(() -> {
            for (long sum = 1; sum <= sums; sum++) {
                while (wanted.get() < sum) {
                    Thread.onSpinWait();
                }
                do {
                    replica.place(1, new MessageHeader(sum, Phase.SCATTER, 0, 0, Float.BYTES));
                } while (finished.get() < sum);
                asked.set(sum);
            }
        });
        for (long sum = 1; sum <= sums; sum++) {
            wanted.set(sum);
            replica.arrived(1, new MessageHeader(sum - 1, Phase.SCATTER, 0, 0, Float.BYTES));
            replica.arrived(1, new MessageHeader(sum - 1, Phase.GATHER, 0, 0, Float.BYTES));
            replica.finish(0);
            finished.set(sum);
            while (asked.get() < sum && !asking.isDone()) {
                Thread.onSpinWait();
            }
        }
        asking.get();
    }

    @Test
    void aHeaderSurvivesTheWire() {
        MessageHeader header = new MessageHeader(1L << 40, Phase.GATHER, 5, 123, 77);
        ByteBuffer buffer = ByteBuffer.allocate(MessageHeader.BYTES);
        header.writeTo(buffer);
        assertEquals(header, MessageHeader.readFrom(buffer.flip()));
        buffer.clear().putInt(Long.BYTES, 2);
        assertEquals("Cannot read message: phase 2 (expected 0 or 1)",
            assertThrows(IllegalArgumentException.class, () -> MessageHeader.readFrom(buffer)).getMessage());
    }

    private static void refused(DirectAllReduce replica, int from, MessageHeader header) {
        String message = assertThrows(IllegalArgumentException.class, () -> replica.place(from, header)).getMessage();
        assertTrue(message.startsWith("Cannot accept " + header + " of rank " + from + " on rank 0 of 2"), message);
    }

    /** Rank 0 of 2. */
    private static DirectAllReduce pair(int length, Duration timeout, PeerLink link) {
        DirectAllReduce replica = new DirectAllReduce(0, 2, Nd4j.create(DataType.FLOAT, length), WireType.FP32, timeout, false);
        replica.connect(List.of((h, p) -> null, link));
        return replica;
    }

    private static List<INDArray> vectors(int ranks, int length) {
        List<INDArray> vectors = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            vectors.add(Nd4j.create(DataType.FLOAT, 1, length));
        }
        return vectors;
    }

    private List<DirectAllReduce> replicas(List<INDArray> vectors, WireType type, int bucketFloats, boolean sharing) {
        List<DirectAllReduce> replicas = new ArrayList<>();
        for (int rank = 0; rank < vectors.size(); rank++) {
            replicas.add(new DirectAllReduce(rank, vectors.size(), vectors.get(rank), type, Duration.ofSeconds(20), sharing, bucketFloats));
        }
        for (DirectAllReduce replica : replicas) {
            replica.connect(replicas.stream().map(peer -> slowLink(replica, peer)).toList());
        }
        return replicas;
    }

    /** Delivers in order, on a thread of its own, after a random moment, as a network does. */
    private PeerLink slowLink(DirectAllReduce sender, DirectAllReduce peer) {
        int from = sender.rank();
        BlockingQueue<Runnable> underWay = new LinkedBlockingQueue<>();
        threads.execute(() -> {
            try {
                while (true) {
                    underWay.take().run();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Optional<PeerInbox> inbox = peer.sharedInbox().map(memory -> peer.rank() == from ? null : sender.inboxOf(peer.rank(), opened(memory)));
        return (header, payload) -> {
            CompletableFuture<Void> done = new CompletableFuture<>();
            // The worst of moments: long before the header arrives.
            inbox.ifPresent(shared -> shared.put(header, payload.duplicate()));
            underWay.add(() -> {
                if (ThreadLocalRandom.current().nextInt(8) == 0) {
                    Thread.yield();
                }
                if (inbox.isPresent()) {
                    peer.collect(from, header);
                } else {
                    peer.place(from, header).put(payload.duplicate());
                }
                peer.arrived(from, header);
                done.complete(null);
            });
            return done;
        };
    }

    private static ByteBuffer opened(SharedMemory memory) {
        return SharedMemory.open(memory.location()).orElseThrow();
    }

    /** As a backward pass does. */
    private static void becomeReady(DirectAllReduce replica, int length) {
        for (int start = length; start > 0; start -= 1 + ThreadLocalRandom.current().nextInt(Math.max(1, length / 3))) {
            replica.ready(start);
        }
    }

    @FunctionalInterface
    private interface Work {
        int on(DirectAllReduce replica) throws IOException, InterruptedException;
    }

    private List<Integer> onAllRanks(List<DirectAllReduce> replicas, Work work) throws InterruptedException, ExecutionException {
        List<Callable<Integer>> sums = new ArrayList<>();
        replicas.forEach(replica -> sums.add(() -> work.on(replica)));
        List<Integer> words = new ArrayList<>();
        for (Future<Integer> sum : threads.invokeAll(sums)) {
            words.add(sum.get());
        }
        return words;
    }
}
