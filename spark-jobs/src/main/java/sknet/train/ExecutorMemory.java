package sknet.train;

import java.util.List;
import sknet.data.shard.DatasetManifest;
import sknet.model.Complexity;
import sknet.model.Precision;

/**
 * What an executor needs, as an estimate from above: spark.executor.memory must hold the heap, spark.executor.memoryOverhead the native memory.
 * docs/figures.md has it beside what executors were seen to take.
 *
 * @param heapBytes   shards or windows of images, and what Spark and the JVM want
 * @param nativeBytes parameters, gradients and momentum, activations, exchanged parts, batches read ahead, and the libraries
 */
public record ExecutorMemory(long heapBytes, long nativeBytes) {

    /** Spark, Hadoop and DL4J with nothing to do. */
    private static final long HEAP_AT_REST = 384L << 20;
    /** The JVM's code and class data, thread stacks, oneDNN's and OpenBLAS's own. */
    private static final long NATIVE_AT_REST = 320L << 20;
    /** Parameters, gradient, momentum, the parts that come from other executors, and weights in the kernels' order. */
    private static final int VECTORS = 5;
    /** Batches that are read ahead, and the one that is trained on. */
    private static final int BATCHES = 4;
    /** Parameters, as they come and in the kernels' order. */
    private static final int EVALUATION_VECTORS = 3;
    /** One that is computed, one that waits, one that is decoded. */
    private static final int EVALUATION_BATCHES = 3;
    /** A forward pass keeps a map until its last reader is done: less than this part of what training keeps, in the networks that were measured. */
    private static final int LIVING_SHARE = 6;
    /** Of all native memory: what lies between its blocks, and what an estimate forgets. */
    private static final double MARGIN = 1.15;

    /**
     * Estimates it for a training.
     *
     * @param network   as it is counted: activations in float32
     * @param precision of the activations
     * @param split     that is trained on
     */
    public static ExecutorMemory ofTraining(Complexity network, Precision precision, TrainingPlan plan, DatasetManifest.Split split, int executors) {
        int averages = plan.stepOptions().averages() ? 1 : 0;
        int vectors = VECTORS + averages + sums(plan.microBatches() / executors);
        long activations = Float.BYTES * network.activations() * plan.microBatchSize() / (precision == Precision.BF16 ? 2 : 1);
        long images = 3L * plan.imageSize() * plan.imageSize() * plan.microBatchSize() * Float.BYTES;
        long blocks = (long) Float.BYTES * vectors * network.withStatistics() + activations + BATCHES * images;
        return new ExecutorMemory(HEAP_AT_REST + shards(plan.reading(), split, executors), NATIVE_AT_REST + (long) (MARGIN * blocks));
    }

    /**
     * Estimates it for a forward pass.
     *
     * @param networks   one a crop size, on the same parameters
     * @param pixels     of an image, at all crop sizes together
     * @param batchSize  images a pass
     * @param cacheBytes of shards that are kept
     */
    public static ExecutorMemory ofEvaluation(List<Complexity> networks, long pixels, int batchSize, long cacheBytes) {
        long activations = (long) Float.BYTES * batchSize * networks.stream().mapToLong(Complexity::activations).sum() / LIVING_SHARE;
        long images = 3 * pixels * batchSize * Float.BYTES;
        long blocks = (long) Float.BYTES * EVALUATION_VECTORS * networks.get(0).withStatistics() + activations + EVALUATION_BATCHES * images;
        return new ExecutorMemory(HEAP_AT_REST + cacheBytes, NATIVE_AT_REST + (long) (MARGIN * blocks));
    }

    /** What the tree of sums over micro-batches keeps. */
    private static int sums(int microBatches) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, microBatches - 1));
    }

    private static long shards(ReadingPlan reading, DatasetManifest.Split split, int executors) {
        return reading.shuffleWindow() > 0 ? 2L * reading.shuffleWindow() * (split.bytes() / Math.max(1, split.records())) / executors
            : Math.min(reading.cacheBytes(), split.bytes());
    }

    /** What suffices for either. */
    public ExecutorMemory or(ExecutorMemory other) {
        return new ExecutorMemory(Math.max(heapBytes, other.heapBytes), Math.max(nativeBytes, other.nativeBytes));
    }

    /** Of the heap, in MiB, as Spark's settings take it. */
    public long heapMib() {
        return mib(heapBytes);
    }

    /** Of native memory, in MiB. */
    public long nativeMib() {
        return mib(nativeBytes);
    }

    private static long mib(long bytes) {
        return (bytes + (1 << 20) - 1) >> 20;
    }
}
