package sknet.bench;

import java.io.IOException;
import java.io.Serializable;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.FixedSchedule;
import sknet.checkpoint.Position;
import sknet.data.image.Batch;
import sknet.data.image.BatchRequest;
import sknet.model.ModelCatalogue;
import sknet.model.NetworkBuilder;
import sknet.model.NetworkOptions;
import sknet.model.Precision;
import sknet.optimize.StepOptions;
import sknet.sync.AllReduce;
import sknet.sync.DirectAllReduce;
import sknet.sync.WireType;
import sknet.train.Gang;
import sknet.train.Rendezvous;
import sknet.train.RendezvousClient;
import sknet.train.Replica;
import sknet.train.StepShape;
import sknet.transport.PeerServer;

/**
 * Times whole steps of synchronous training on random images: some of one executor alone, while the others rest, some of all at once but each for itself,
 * some of all together, in turns, so that they had the same machine. Each executor takes one micro-batch a step.
 *
 * @param model      by its name in the catalogue
 * @param precision  of the activations
 * @param size       width and height of the images, pixels
 * @param batch      images an executor takes a step
 * @param executors  that train together
 * @param wire       how gradients travel
 * @param warmUp     steps of each kind before the clock runs
 * @param rounds     of turns
 * @param roundSteps steps of each kind a round
 */
public record ScalingBenchmark(String model, Precision precision, int size, int batch, int executors, WireType wire, int warmUp, int rounds, int roundSteps)
    implements Serializable {
    private static final Duration TIMEOUT = Duration.ofMinutes(10);
    private static final int FIELDS = 4;

    /** Runs the benchmark on the executors of a context. */
    public ScalingResult run(JavaSparkContext spark) throws SparkException {
        long attempt = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
        List<String> times;
        try (Rendezvous rendezvous = new Rendezvous(attempt, executors, report -> { })) {
            times = Gang.run(spark, executors, task -> time(task, attempt));
        }
        return result(times.stream().map(ScalingBenchmark::parsed).toList());
    }

    /** @param byRank of each rank, of each step: milliseconds alone (rank 0's count), apart, together, and of these waiting for the all-reduce's end */
    private ScalingResult result(List<double[][]> byRank) {
        int steps = rounds * roundSteps;
        double[] alone = new double[steps];
        double[] apart = new double[steps];
        double[] together = new double[steps];
        double[] exchange = new double[steps];
        double[] wait = new double[steps];
        for (int i = 0; i < steps; i++) {
            int step = i;
            alone[i] = byRank.get(0)[i][0];
            apart[i] = byRank.stream().mapToDouble(rank -> rank[step][1]).average().orElseThrow();
            together[i] = byRank.stream().mapToDouble(rank -> rank[step][2]).max().orElseThrow();
            // Who comes last waits for the exchange alone; the others for the slower, too.
            exchange[i] = byRank.stream().mapToDouble(rank -> rank[step][3]).min().orElseThrow();
            wait[i] = byRank.stream().mapToDouble(rank -> rank[step][3]).average().orElseThrow() - exchange[i];
        }
        return new ScalingResult(model, precision.label(), size, batch, executors, steps, median(alone), median(apart), median(together), median(exchange), median(wait));
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    private String time(BarrierTaskContext task, long attempt) throws IOException, InterruptedException {
        int rank = task.partitionId();
        ModelCatalogue.Entry entry = ModelCatalogue.named(model);
        ComputationGraph network = new ComputationGraph(NetworkBuilder.build(entry.architecture(), NetworkOptions.of(entry.classes(), size)
            .withOptimiser(0.9, new FixedSchedule(1e-3)).withPrecision(precision)));
        network.init();
        network.initGradientsView();
        Batch images = images(entry.classes());
        INDArray gradient = network.getFlattenedGradients();
        DirectAllReduce allReduce = new DirectAllReduce(rank, executors, gradient, wire, TIMEOUT, !PeerServer.encrypts());
        Stopwatch alone = new Stopwatch(network, new DirectAllReduce(0, 1, gradient, wire, TIMEOUT, false), images, entry.classes());
        RendezvousClient driver = new RendezvousClient(attempt, rank, TIMEOUT);
        List<double[]> times = new ArrayList<>();
        try (PeerServer server = new PeerServer(attempt, allReduce, task.cpus())) {
            allReduce.connect(server.connect(driver.allGather("address", server.address())));
            Stopwatch together = new Stopwatch(network, allReduce, images, entry.classes());
            for (int round = -1; round < rounds; round++) {
                int steps = round < 0 ? warmUp : roundSteps;
                List<double[]> ofAlone = rank == 0 ? alone.steps(steps) : List.of();
                driver.allGather("alone " + round, "");
                List<double[]> ofEach = alone.steps(steps);
                driver.allGather("apart " + round, "");
                List<double[]> ofAll = together.steps(steps);
                driver.allGather("together " + round, "");
                for (int i = 0; i < steps && round >= 0; i++) {
                    times.add(new double[] {rank == 0 ? ofAlone.get(i)[0] : 0, ofEach.get(i)[0], ofAll.get(i)[0], ofAll.get(i)[1]});
                }
            }
        }
        return times.stream().flatMapToDouble(Arrays::stream).mapToObj(Double::toString).collect(Collectors.joining(" "));
    }

    private static double[][] parsed(String times) {
        double[] all = Arrays.stream(times.split(" ")).mapToDouble(Double::parseDouble).toArray();
        double[][] steps = new double[all.length / FIELDS][];
        Arrays.setAll(steps, i -> Arrays.copyOfRange(all, i * FIELDS, (i + 1) * FIELDS));
        return steps;
    }

    private Batch images(int classes) {
        int[] labels = new int[batch];
        Arrays.setAll(labels, i -> i % classes);
        float[] pixels = Nd4j.randn(DataType.FLOAT, (long) batch * 3 * size * size).toFloatVector();
        return new Batch(new BatchRequest(0, labels), List.of(FloatBuffer.wrap(pixels)), labels, batch, List.of());
    }

    /** Times the steps of a replica. */
    private final class Stopwatch {
        private final Replica replica;
        private final Batch images;

        Stopwatch(ComputationGraph network, AllReduce allReduce, Batch images, int classes) {
            this.replica = new Replica(network, allReduce, new StepShape(allReduce.ranks(), batch, size, classes), StepOptions.NONE, Optional.empty());
            this.images = images;
        }

        /** Of each step, its milliseconds and those that it waited for the all-reduce's end. */
        List<double[]> steps(int count) throws IOException, InterruptedException {
            replica.listen();
            List<double[]> times = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long start = System.nanoTime();
                replica.step(Position.START, () -> images, () -> 0);
                times.add(new double[] {(System.nanoTime() - start) / 1e6, replica.drainSyncSeconds() * 1e3});
            }
            return times;
        }
    }
}
