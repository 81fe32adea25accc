package sknet.train;

import sknet.data.shard.DatasetManifest;
import sknet.model.Complexity;
import sknet.model.Precision;

/**
 * What an executor needs in training, as an estimate: spark.executor.memory must hold the heap, spark.executor.memoryOverhead the native memory.
 *
 * @param heapBytes   shards or windows of images, and what Spark and the JVM want
 * @param nativeBytes parameters, gradients and momentum, activations, exchanged parts, batches read ahead, and the libraries
 */
public record ExecutorMemory(long heapBytes, long nativeBytes) {

    /** Spark, Hadoop and DL4J with nothing to do. */
    private static final long HEAP_AT_REST = 512L << 20;
    /** The JVM's code and class data, thread stacks, oneDNN's and OpenBLAS's own. */
    private static final long NATIVE_AT_REST = 600L << 20;
    /** Parameters, gradient, momentum, and the parts that come from other executors. */
    private static final int VECTORS = 4;
    /** Batches that are read ahead, and the one that is trained on. */
    private static final int BATCHES = 4;

    /**
     * Estimates it.
     *
     * @param network   as it is counted: activations in float32
     * @param precision of the activations
     * @param split     that is trained on
     */
    public static ExecutorMemory of(Complexity network, Precision precision, TrainingPlan plan, DatasetManifest.Split split, int executors) {
        int averages = plan.stepOptions().averages() ? 1 : 0;
        int vectors = VECTORS + averages + sums(plan.microBatches() / executors);
        long activations = Float.BYTES * network.activations() * plan.microBatchSize() / (precision == Precision.BF16 ? 2 : 1);
        long images = 3L * plan.imageSize() * plan.imageSize() * plan.microBatchSize() * Float.BYTES;
        return new ExecutorMemory(HEAP_AT_REST + shards(plan.reading(), split, executors),
            NATIVE_AT_REST + Float.BYTES * vectors * network.withStatistics() + activations + BATCHES * images);
    }

    /** What the tree of sums over micro-batches keeps. */
    private static int sums(int microBatches) {
        return Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(0, microBatches - 1));
    }

    private static long shards(ReadingPlan reading, DatasetManifest.Split split, int executors) {
        return reading.shuffleWindow() > 0 ? 2L * reading.shuffleWindow() * (split.bytes() / Math.max(1, split.records())) / executors
            : Math.min(reading.cacheBytes(), split.bytes());
    }
}
