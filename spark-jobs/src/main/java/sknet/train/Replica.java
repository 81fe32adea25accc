package sknet.train;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.checkpoint.Position;
import sknet.data.image.Batch;
import sknet.optimize.MomentumStep;
import sknet.optimize.MovingAverage;
import sknet.sync.AllReduce;
import sknet.sync.PairwiseSum;

/**
 * One replica of the network: gradients of its micro-batches, their exact sum with the other replicas', the step.
 *
 * <p>DL4J's gradients are sums over the images of a micro-batch; the step divides the sum over all micro-batches by the size of the whole
 * batch.
 */
final class Replica {

    private final ComputationGraph network;
    private final INDArray gradient;
    private final AllReduce allReduce;
    private final MomentumStep momentumStep;
    private final Optional<MovingAverage> average;
    private final PairwiseSum microBatchSum = new PairwiseSum();
    private final INDArray images;
    private final INDArray labels;
    private double lossSum;
    private long syncNanos;

    /**
     * @param allReduce bound to the network's flattened gradient
     * @param average   of the network's parameters, to be kept; one replica is enough
     */
    Replica(ComputationGraph network, AllReduce allReduce, TrainingPlan plan, int classes, Optional<MovingAverage> average) {
        this.network = network;
        this.gradient = network.getFlattenedGradients();
        this.momentumStep = new MomentumStep(network, plan.stepOptions().clipNorm());
        this.average = average;
        this.allReduce = allReduce;
        this.images = Nd4j.createUninitializedDetached(DataType.FLOAT, plan.microBatchSize(), 3, plan.imageSize(),
            plan.imageSize());
        this.labels = Nd4j.createUninitializedDetached(DataType.FLOAT, plan.microBatchSize(), classes);
    }

    /** The batches of one step, in order. */
    @FunctionalInterface
    interface Batches {
        Batch next() throws IOException, InterruptedException;
    }

    /** Takes one step from {@code position}. */
    void step(Position position, Batches batches, TrainingPlan plan) throws IOException, InterruptedException {
        int own = plan.microBatches() / allReduce.ranks();
        for (int i = 0; i < own; i++) {
            computeGradient(batches.next());
            if (own > 1) {
                microBatchSum.add(gradient);
            }
        }
        if (own > 1) {
            microBatchSum.drainTo(gradient);
        }
        long start = System.nanoTime();
        allReduce.sum();
        syncNanos += System.nanoTime() - start;
        update(position, plan.batchSize());
    }

    private void computeGradient(Batch batch) {
        fill(images, batch.images());
        labels.assign(0);
        for (int i = 0; i < batch.count(); i++) {
            labels.putScalar(i, batch.labels()[i], 1);
        }
        network.setInputs(images);
        network.setLabels(labels);
        network.computeGradientAndScore();
        // The loss of the data alone: CoupledWeightDecay adds nothing to DL4J's score.
        lossSum += network.score() * batch.count();
    }

    private static void fill(INDArray array, FloatBuffer values) {
        array.data().pointer().asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer()
            .put(values.duplicate().rewind());
        Nd4j.getAffinityManager().tagLocation(array, Location.HOST);
    }

    private void update(Position position, int batchSize) {
        momentumStep.take(batchSize, Math.toIntExact(position.step()), position.epoch());
        average.ifPresent(kept -> kept.add(network.params()));
        network.clear();
    }

    INDArray parameters() {
        return network.params();
    }

    Optional<INDArray> averages() {
        return average.map(MovingAverage::values);
    }

    ComputationGraph network() {
        return network;
    }

    /** The loss summed over this replica's images since the last call. */
    double drainLossSum() {
        double sum = lossSum;
        lossSum = 0;
        return sum;
    }

    /** Seconds spent in the all-reduce since the last call. */
    double drainSyncSeconds() {
        double seconds = syncNanos / 1e9;
        syncNanos = 0;
        return seconds;
    }
}
