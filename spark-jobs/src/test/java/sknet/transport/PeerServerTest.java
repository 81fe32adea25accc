package sknet.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.network.TransportContext;
import org.apache.spark.network.client.TransportClient;
import org.apache.spark.network.netty.SparkTransportConf$;
import org.apache.spark.network.server.NoOpRpcHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import scala.Option;
import sknet.sync.DirectAllReduce;
import sknet.sync.MessageHeader;
import sknet.sync.MessageHeader.Phase;
import sknet.sync.WireType;

/** Two replicas in one JVM, on real connections. */
class PeerServerTest {
    private static final int LENGTH = 3_000_001;
    private static final int NO_CUT = Integer.MAX_VALUE;
    private static final Map<String, String> SECRET = Map.of("spark.authenticate", "true", "spark.authenticate.secret", "of-the-test");
    private static final float RECOGNISABLE = Float.intBitsToFloat(0x41424344);

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private JavaSparkContext spark;
    private Peer first;
    private Peer second;

    /** A replica and its end of the connections. */
    private record Peer(INDArray vector, DirectAllReduce allReduce, PeerServer server) {

        static Peer start(long attempt, int rank) {
            INDArray vector = Nd4j.valueArrayOf(new long[] {LENGTH}, RECOGNISABLE, DataType.FLOAT);
            DirectAllReduce allReduce = new DirectAllReduce(rank, 2, vector, WireType.FP32, Duration.ofSeconds(20), !PeerServer.encrypts());
            return new Peer(vector, allReduce, new PeerServer(attempt, allReduce, 1));
        }
    }

    private void start(Map<String, String> settings, long firstAttempt, long secondAttempt) {
        SparkConf conf = new SparkConf().setMaster("local[1]").setAppName("test").set("spark.ui.enabled", "false")
            .set("spark.driver.bindAddress", "127.0.0.1").set("spark.driver.host", "127.0.0.1");
        settings.forEach(conf::set);
        spark = new JavaSparkContext(conf);
        first = Peer.start(firstAttempt, 0);
        second = Peer.start(secondAttempt, 1);
    }

    @AfterEach
    void stop() {
        threads.shutdownNow();
        first.server().close();
        second.server().close();
        spark.close();
    }

    /** Connects both; what rank 0 sends to rank 1 goes through the tap. */
    private void connect(TappedConnection tap) throws IOException, InterruptedException {
        connect(tap.address());
    }

    private void connect(String addressOfSecond) throws IOException, InterruptedException {
        first.allReduce().connect(first.server().connect(List.of("", addressOfSecond)));
        second.allReduce().connect(second.server().connect(List.of(first.server().address(), "")));
    }

    private void assertSumsAreRight() throws Exception {
        for (int step = 1; step <= 3; step++) {
            Future<Integer> ofFirst = threads.submit(() -> first.allReduce().finish(0));
            second.allReduce().finish(0);
            ofFirst.get();
            for (Peer peer : List.of(first, second)) {
                assertEquals(RECOGNISABLE * (1 << step), peer.vector().minNumber().floatValue());
                assertEquals(RECOGNISABLE * (1 << step), peer.vector().maxNumber().floatValue());
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"false, 1", "true, 1", "true, 2"})
    void theVectorTravelsEncryptedWhenSparkSaysSo(String encrypted, String version) throws Exception {
        Map<String, String> settings = new HashMap<>(SECRET);
        settings.put("spark.network.crypto.enabled", encrypted);
        settings.put("spark.network.crypto.authEngineVersion", version);
        start(settings, 7, 7);
        try (TappedConnection tap = new TappedConnection(second.server().address(), NO_CUT)) {
            connect(tap);
            assertSumsAreRight();
            boolean readable = new String(tap.sent(), StandardCharsets.ISO_8859_1).contains("DCBADCBADCBA");
            assertEquals(encrypted.equals("false"), readable);
        }
    }

    @Test
    void peersOfOneHostPutTheVectorIntoEachOthersMemory() throws Exception {
        start(SECRET, 7, 7);
        PeerAddress ofSecond = PeerAddress.parse(second.server().address());
        try (TappedConnection tap = new TappedConnection(second.server().address(), NO_CUT)) {
            connect(new PeerAddress("127.0.0.1", tap.port(), ofSecond.inbox()).encoded());
            assertSumsAreRight();
            assertTrue(tap.sent().length < 10_000, "only introduction and headers: " + tap.sent().length);
        }
    }

    @Test
    void whatIsEncryptedDoesNotGoThroughSharedMemory() {
        Map<String, String> settings = new HashMap<>(SECRET);
        settings.put("spark.network.crypto.enabled", "true");
        start(settings, 7, 7);
        assertEquals(Optional.empty(), PeerAddress.parse(second.server().address()).inbox());
    }

    @Test
    void aConnectionCutInTheMiddleOfAMessageEndsTheSumOnBothSides() throws Exception {
        start(Map.of(), 7, 7);
        try (TappedConnection tap = new TappedConnection(second.server().address(), 1_000_000)) {
            connect(tap);
            Future<Integer> ofFirst = threads.submit(() -> first.allReduce().finish(0));
            Future<Integer> ofSecond = threads.submit(() -> second.allReduce().finish(0));
            assertTrue(message(ofFirst).startsWith("Cannot all-reduce step 0 on rank 0: rank 1 "), message(ofFirst));
            assertTrue(message(ofSecond).startsWith("Cannot all-reduce step 0 on rank 1: rank 0 at "), message(ofSecond));
            assertTrue(message(ofSecond).endsWith(" closed its connection"), message(ofSecond));
        }
    }

    private static String message(Future<Integer> failed) {
        return assertThrows(ExecutionException.class, failed::get).getCause().getMessage();
    }

    @Test
    void aReplicaOfAnotherAttemptIsRefused() {
        start(Map.of(), 7, 8);
        Exception refused = assertThrows(Exception.class, () -> first.server().connect(List.of("", second.server().address())));
        assertTrue(refused.getMessage().contains("Cannot connect Introduction[attempt=7, rank=0, shares="), refused.getMessage());
    }

    @Test
    void aMessageThatIsNotDueEndsTheSum() throws Exception {
        start(Map.of(), 7, 7);
        connect(second.server().address());
        // A replica that goes its own way: it is at step 5.
        Peer stray = Peer.start(7, 0);
        try (PeerServer server = stray.server()) {
            TransportClient client = client();
            client.sendRpcSync(new Introduction(7, 0, false).encoded(), 5000);
            FrameSender sender = new FrameSender(client.getChannel(), Optional.empty(), () -> { });
            client.getChannel().pipeline().addBefore("encoder", "test", sender);
            CompletableFuture<Void> sent = sender.send(new MessageHeader(5, Phase.SCATTER, 0, 0, 4), ByteBuffer.allocateDirect(4));
            sent.get();
            String message = assertThrows(IOException.class, () -> second.allReduce().finish(0)).getMessage();
            assertTrue(message.startsWith("Cannot all-reduce step 0 on rank 1: the messages of rank 0 cannot be taken: Cannot accept "), message);
        }
    }

    @Test
    void whoDoesNotKnowTheSecretIsCutOffBeforeAnyOfItsBytesCounts() throws Exception {
        start(SECRET, 7, 7);
        TransportClient client = client();
        assertThrows(Exception.class, () -> client.sendRpcSync(new Introduction(7, 0, false).encoded(), 5000));
        // Not even the right introduction made it a peer: the right one is still welcome, and the sum is right.
        try (TappedConnection tap = new TappedConnection(second.server().address(), NO_CUT)) {
            connect(tap);
            assertSumsAreRight();
        }
    }

    @Test
    void itListensOnTheExecutorsOwnAddressOnly() throws Exception {
        start(Map.of(), 7, 7);
        PeerAddress address = PeerAddress.parse(second.server().address());
        assertEquals("127.0.0.1", address.host());
        assertThrows(IOException.class, () -> new Socket("127.0.0.2", address.port()).close());
    }

    /** Without a secret. */
    private TransportClient client() throws Exception {
        PeerAddress address = PeerAddress.parse(second.server().address());
        TransportContext context = new TransportContext(SparkTransportConf$.MODULE$.fromSparkConf(SparkEnv.get().conf(), "test", 1, Option.empty()),
            new NoOpRpcHandler());
        return context.createClientFactory(List.of()).createUnmanagedClient(address.host(), address.port());
    }
}
