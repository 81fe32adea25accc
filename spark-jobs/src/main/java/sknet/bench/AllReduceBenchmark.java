package sknet.bench;

import java.io.IOException;
import java.io.Serializable;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.sync.DirectAllReduce;
import sknet.sync.PeerLink;
import sknet.sync.WireType;
import sknet.train.Gang;
import sknet.train.Rendezvous;
import sknet.train.RendezvousClient;
import sknet.transport.PeerServer;

/**
 * Times sums of one vector over executors, one after the other, without anything to compute between them.
 *
 * @param executors that take part
 * @param floats    of the vector
 * @param wire      how they travel
 * @param sockets   even between executors of one host, which otherwise share memory
 * @param delay     of every message, beside the network's own
 * @param warmUp    sums before the clock runs
 * @param sums      to time
 */
public record AllReduceBenchmark(int executors, int floats, WireType wire, boolean sockets, Duration delay, int warmUp, int sums) implements Serializable {
    private static final Duration TIMEOUT = Duration.ofMinutes(2);

    /** Runs the benchmark on the executors of a context. */
    public AllReduceResult run(JavaSparkContext spark) throws SparkException {
        long attempt = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
        List<String> times;
        try (Rendezvous rendezvous = new Rendezvous(attempt, executors, report -> { })) {
            times = Gang.run(spark, executors, task -> time(task, attempt));
        }
        // A sum is over when the last has it.
        double[] millis = new double[sums];
        for (String ofRank : times) {
            double[] own = Arrays.stream(ofRank.split(" ")).mapToDouble(Double::parseDouble).toArray();
            Arrays.setAll(millis, i -> Math.max(millis[i], own[i]));
        }
        Arrays.sort(millis);
        return new AllReduceResult(executors, floats, wire.name().toLowerCase(Locale.ROOT), sums, millis[sums / 2], millis[0], millis[sums - 1]);
    }

    private String time(BarrierTaskContext task, long attempt) throws IOException, InterruptedException {
        int rank = task.partitionId();
        INDArray vector = Nd4j.valueArrayOf(new long[] {floats}, rank + 1.0, DataType.FLOAT);
        DirectAllReduce allReduce = new DirectAllReduce(rank, executors, vector, wire, TIMEOUT, !sockets && !PeerServer.encrypts());
        RendezvousClient driver = new RendezvousClient(attempt, rank, TIMEOUT);
        double[] millis = new double[sums];
        ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
        try (PeerServer server = new PeerServer(attempt, allReduce, task.cpus())) {
            allReduce.connect(delayed(server.connect(driver.allGather("address", server.address())), clock));
            for (int sum = 0; sum < warmUp + sums; sum++) {
                long start = System.nanoTime();
                allReduce.finish(0);
                if (sum >= warmUp) {
                    millis[sum - warmUp] = (System.nanoTime() - start) / 1e6;
                }
                if (sum == 0) {
                    check(vector);
                }
            }
            driver.allGather("end", "");
        } finally {
            clock.shutdownNow();
        }
        return DoubleStream.of(millis).mapToObj(Double::toString).collect(Collectors.joining(" "));
    }

    private List<PeerLink> delayed(List<PeerLink> links, ScheduledExecutorService clock) {
        return delay.isZero() ? links : links.stream().<PeerLink>map(link -> new DelayedLink(link, delay, clock)).toList();
    }

    private void check(INDArray vector) throws IOException {
        double expected = executors * (executors + 1) / 2.0;
        if (vector.minNumber().doubleValue() != expected || vector.maxNumber().doubleValue() != expected) {
            throw new IOException("Cannot trust this all-reduce: the sum is " + vector.minNumber() + " to " + vector.maxNumber() + " (expected " + expected
                + ")");
        }
    }
}
