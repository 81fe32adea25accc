package sknet.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    @CsvSource({"1, 1000", "2, 1000", "3, 1000", "4, 3", "5, 1", "8, 1001", "2, 3000000"})
    void everyRankGetsTheBitsOfThePairwiseSum(int ranks, int length) throws Exception {
        List<DirectAllReduce> replicas = new ArrayList<>();
        List<INDArray> vectors = new ArrayList<>();
        for (int rank = 0; rank < ranks; rank++) {
            vectors.add(Nd4j.create(DataType.FLOAT, 1, length));
            replicas.add(new DirectAllReduce(7, rank, ranks, vectors.get(rank), Duration.ofSeconds(20)));
        }
        replicas.forEach(replica -> replica.connect(slowLinksTo(replicas)));
        for (int step = 0; step < 5; step++) {
            vectors.forEach(vector -> vector.assign(Nd4j.rand(DataType.FLOAT, 1, length).subi(0.5)));
            INDArray expected = PairwiseSum.inPlace(PairwiseSumTest.copies(vectors)).dup().reshape(length);
            onAllRanks(replicas);
            for (int rank = 0; rank < ranks; rank++) {
                PairwiseSumTest.assertSameBits(expected, vectors.get(rank).reshape(length), "step " + step + " rank " + rank);
            }
        }
    }

    @Test
    void aLostPeerEndsTheSumWithItsCause() {
        DirectAllReduce replica = new DirectAllReduce(1, 0, 2, Nd4j.create(DataType.FLOAT, 10), Duration.ofSeconds(20));
        replica.connect(List.of((h, p) -> null, (h, p) -> new CompletableFuture<>()));
        replica.fail(new IOException("executor 1 is gone"));
        assertEquals("Cannot all-reduce step 0 on rank 0: executor 1 is gone",
            assertThrows(IOException.class, replica::sum).getMessage());
    }

    @Test
    void aSilentPeerEndsTheSumAfterTheTimeOut() {
        DirectAllReduce replica = new DirectAllReduce(1, 0, 2, Nd4j.create(DataType.FLOAT, 10), Duration.ofMillis(50));
        replica.connect(List.of((h, p) -> null, (h, p) -> new CompletableFuture<>()));
        assertTrue(assertThrows(IOException.class, replica::sum).getMessage().contains("only 0 of 5 floats arrived"));
    }

    @Test
    void aMessageOfAnotherAttemptOrOutOfRangeIsRefused() {
        DirectAllReduce replica = new DirectAllReduce(2, 0, 2, Nd4j.create(DataType.FLOAT, 10), Duration.ofSeconds(1));
        ByteBuffer payload = ByteBuffer.allocate(8);
        refused(replica, new MessageHeader(1, 0, Phase.SCATTER, 1, 0), payload);
        refused(replica, new MessageHeader(2, 0, Phase.SCATTER, 0, 0), payload);
        refused(replica, new MessageHeader(2, 0, Phase.SCATTER, 2, 0), payload);
        refused(replica, new MessageHeader(2, 0, Phase.SCATTER, 1, 4), payload);
        refused(replica, new MessageHeader(2, 0, Phase.GATHER, 1, 4), payload);
        refused(replica, new MessageHeader(2, 0, Phase.GATHER, 1, 9), payload);
        refused(replica, new MessageHeader(2, 0, Phase.GATHER, 1, 5), ByteBuffer.allocate(7));
    }

    @Test
    void aHeaderSurvivesTheWire() {
        MessageHeader header = new MessageHeader(3, 1L << 40, Phase.GATHER, 5, 123);
        ByteBuffer buffer = ByteBuffer.allocate(MessageHeader.BYTES);
        header.writeTo(buffer);
        assertEquals(header, MessageHeader.readFrom(buffer.flip()));
        assertEquals("Cannot read message: it has 4 bytes (expected at least 28)",
            assertThrows(IllegalArgumentException.class, () -> MessageHeader.readFrom(ByteBuffer.allocate(4))).getMessage());
    }

    private static void refused(DirectAllReduce replica, MessageHeader header, ByteBuffer payload) {
        String message = assertThrows(IllegalArgumentException.class, () -> replica.accept(header, payload)).getMessage();
        assertTrue(message.startsWith("Cannot accept message " + header), message);
    }

    /** Deliver on other threads after a random moment, as a network does. */
    private List<PeerLink> slowLinksTo(List<DirectAllReduce> replicas) {
        List<PeerLink> links = new ArrayList<>();
        for (DirectAllReduce replica : replicas) {
            links.add((header, payload) -> CompletableFuture.runAsync(() -> {
                try {
                    Thread.sleep(ThreadLocalRandom.current().nextInt(3));
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
                replica.accept(header, payload.duplicate());
            }, threads));
        }
        return links;
    }

    private void onAllRanks(List<DirectAllReduce> replicas) throws InterruptedException, ExecutionException {
        List<Callable<Void>> sums = new ArrayList<>();
        replicas.forEach(replica -> sums.add(() -> {
            replica.sum();
            return null;
        }));
        for (Future<Void> sum : threads.invokeAll(sums)) {
            sum.get();
        }
    }
}
