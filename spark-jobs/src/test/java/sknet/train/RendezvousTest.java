package sknet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RendezvousTest {

    private static final String HASH = "0123456789abcdef";
    private static JavaSparkContext spark;
    private static long attempts;

    private final long attempt = ++attempts;

    @BeforeAll
    static void start() {
        spark = new JavaSparkContext(new SparkConf().setMaster("local[2]").setAppName("test").set("spark.ui.enabled", "false")
            .set("spark.driver.bindAddress", "127.0.0.1").set("spark.driver.host", "127.0.0.1"));
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    @Test
    void allRanksHearWhatAllHaveSaid() {
        try (Rendezvous rendezvous = rendezvous()) {
            CompletableFuture<List<String>> other = CompletableFuture.supplyAsync(() -> client(1).allGather("address", "b"));
            assertEquals(List.of("a", "b"), client(0).allGather("address", "a"));
            assertEquals(List.of("a", "b"), other.join());
            assertTrue(rendezvous.end().isEmpty());
        }
    }

    @Test
    void theDriverHearsWhereAllComputeOnce() {
        List<List<Place>> heard = new CopyOnWriteArrayList<>();
        Rendezvous.Reports reports = new Rendezvous.Reports() {
            @Override
            public void stepped(ReplicaProgress progress) {
                throw new AssertionError(progress);
            }

            @Override
            public void placed(List<Place> places) {
                heard.add(places);
            }
        };
        try (Rendezvous rendezvous = new Rendezvous(attempt, 2, reports)) {
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> client(1).tellPlace(new Place("b", "7")));
            client(0).tellPlace(new Place("a", ""));
            other.join();
            assertTrue(rendezvous.end().isEmpty());
        }
        assertEquals(List.of(List.of(new Place("a", ""), new Place("b", "7"))), heard);
    }

    @Test
    void whoAsksIsToldToStopWheneverItIs() throws InterruptedException {
        try (Rendezvous rendezvous = rendezvous()) {
            BooleanSupplier early = client(0).stopWish();
            assertFalse(early.getAsBoolean());
            rendezvous.tellToStop();
            awaitTrue(early);
            awaitTrue(client(0).stopWish());
        }
    }

    @Test
    void theEndOfAnAttemptIsNoWishToStop() throws InterruptedException {
        BooleanSupplier wish;
        try (Rendezvous rendezvous = rendezvous()) {
            wish = client(0).stopWish();
            client(0).endRun("so that the wish has come before");
            assertTrue(rendezvous.end().isPresent());
        }
        Thread.sleep(100);
        assertFalse(wish.getAsBoolean());
    }

    private static void awaitTrue(BooleanSupplier condition) throws InterruptedException {
        for (int i = 0; i < 500 && !condition.getAsBoolean(); i++) {
            Thread.sleep(10);
        }
        assertTrue(condition.getAsBoolean());
    }

    @Test
    void replicasWithTheSameParametersGoOn() {
        try (Rendezvous rendezvous = rendezvous()) {
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> client(1).compareParameters(7, HASH));
            client(0).compareParameters(7, HASH);
            other.join();
            assertTrue(rendezvous.end().isEmpty());
        }
    }

    @Test
    void replicasThatDifferAllFailAndTheRunEnds() {
        String message = "Cannot go on after step 7: the replicas' parameters differ (expected one SHA-256):"
            + " ranks [0] hold 0123456789ab, ranks [1] hold ffff56789abc";
        try (Rendezvous rendezvous = rendezvous()) {
            CompletableFuture<Void> other = CompletableFuture.runAsync(() -> client(1).compareParameters(7, "ffff56789abcdef0"));
            Exception error = assertThrows(Exception.class, () -> client(0).compareParameters(7, HASH));
            assertTrue((error.getMessage() + error.getCause()).contains(message), error.toString());
            assertThrows(CompletionException.class, other::join);
            assertEquals(message, rendezvous.end().orElseThrow().getMessage());
        }
    }

    @Test
    void aReplicaMayEndTheRun() {
        try (Rendezvous rendezvous = rendezvous()) {
            client(1).endRun("Cannot write checkpoint hdfs://n/step-1.zip: no space");
            client(1).endRun("what comes later is no news");
            assertEquals("Cannot write checkpoint hdfs://n/step-1.zip: no space", rendezvous.end().orElseThrow().getMessage());
        }
    }

    private Rendezvous rendezvous() {
        return new Rendezvous(attempt, 2, report -> { });
    }

    private RendezvousClient client(int rank) {
        return new RendezvousClient(attempt, rank, Duration.ofSeconds(30));
    }
}
