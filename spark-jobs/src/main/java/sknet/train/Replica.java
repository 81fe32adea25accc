package sknet.train;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Optional;
import java.util.function.IntSupplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.concurrency.AffinityManager.Location;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.checkpoint.Position;
import sknet.data.image.Batch;
import sknet.layer.ReadyGradients;
import sknet.optimize.MomentumStep;
import sknet.optimize.MovingAverage;
import sknet.optimize.StepOptions;
import sknet.sync.AllReduce;
import sknet.sync.PairwiseSum;

/**
 * One replica of the network: gradients of its micro-batches, their exact sum with the other replicas', the step.
 *
 * <p>DL4J's gradients are sums over the images of a micro-batch; the step divides the sum over all micro-batches by the size of the whole
 * batch.
 */
public final class Replica {

    private final ComputationGraph network;
    private final StepShape shape;
    private final INDArray gradient;
    private final AllReduce allReduce;
    private final MomentumStep momentumStep;
    private final Optional<MovingAverage> average;
    private final PairwiseSum microBatchSum = new PairwiseSum();
    private final INDArray images;
    private final INDArray labels;
    /** From here on the last micro-batch's gradient was added to the others' and given to the all-reduce; the length while another is computed. */
    private long completed;
    private MicroBatch current = MicroBatch.NOT_LAST;
    private double lossSum;
    private long syncNanos;

    /** Only the last one's gradient completes the sum over this replica's micro-batches. */
    private enum MicroBatch { NOT_LAST, LAST }

    /**
     * @param allReduce bound to the network's flattened gradient
     * @param average   of the network's parameters, to be kept; one replica is enough
     */
    public Replica(ComputationGraph network, AllReduce allReduce, StepShape shape, StepOptions options, Optional<MovingAverage> average) {
        this.network = network;
        this.shape = shape;
        this.gradient = network.getFlattenedGradients().reshape(network.numParams());
        this.momentumStep = new MomentumStep(network, options.clipNorm());
        this.average = average;
        this.allReduce = allReduce;
        this.images = Nd4j.createUninitializedDetached(DataType.FLOAT, shape.microBatchSize(), 3, shape.imageSize(), shape.imageSize());
        this.labels = Nd4j.createUninitializedDetached(DataType.FLOAT, shape.microBatchSize(), shape.classes());
        listen();
    }

    /** Hears from now on how far backward passes are; the last replica of a network to ask for it does. */
    public void listen() {
        ReadyGradients.tell(network, this::complete);
    }

    /** The batches of one step, in order. */
    @FunctionalInterface
    public interface Batches {
        Batch next() throws IOException, InterruptedException;
    }

    /**
     * Takes one step from {@code position}. The gradient travels while it is computed.
     *
     * @param word this replica's word to the others, asked for when its gradient is whole
     * @return the word of rank 0
     */
    public int step(Position position, Batches batches, IntSupplier word) throws IOException, InterruptedException {
        current = MicroBatch.NOT_LAST;
        for (int others = shape.microBatches() / allReduce.ranks() - 1; others > 0; others--) {
            computeGradient(batches.next());
            microBatchSum.add(gradient);
        }
        Batch last = batches.next();
        current = MicroBatch.LAST;
        completed = gradient.length();
        computeGradient(last);
        complete(0);
        microBatchSum.reset();
        long start = System.nanoTime();
        int wordOfFirst = allReduce.finish(word.getAsInt());
        syncNanos += System.nanoTime() - start;
        update(position, shape.batchSize());
        return wordOfFirst;
    }

    /** Called as the gradient of a micro-batch becomes final from an element on. */
    private void complete(long start) {
        if (current == MicroBatch.LAST && start < completed) {
            microBatchSum.completeIn(gradient, start, completed);
            completed = start;
            allReduce.ready(start);
        }
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
    public double drainSyncSeconds() {
        double seconds = syncNanos / 1e9;
        syncNanos = 0;
        return seconds;
    }
}
