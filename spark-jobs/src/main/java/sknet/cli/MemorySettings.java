package sknet.cli;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.network.util.JavaUtils;
import sknet.train.ExecutorMemory;

/**
 * The memory of executors: as much as a job needs where Spark's settings leave it open, and no less where they do not. YARN and Kubernetes end an
 * executor that takes more than its heap and its overhead together, in the middle of a run and without a word of what would have been enough.
 */
final class MemorySettings {

    private static final String HEAP = "spark.executor.memory";
    private static final String OVERHEAD = "spark.executor.memoryOverhead";
    private static final String OVERHEAD_FACTOR = "spark.executor.memoryOverheadFactor";
    /** Spark's own defaults. */
    private static final long DEFAULT_HEAP_MIB = 1024;
    private static final long DEFAULT_OVERHEAD_MIB = 384;

    private MemorySettings() {
    }

    /**
     * Sets what is not set.
     *
     * @param job what needs it, for messages
     * @throws InvalidSettingsException if what is set does not suffice
     */
    static void set(SparkConf conf, String job, ExecutorMemory needed) {
        List<String> problems = new ArrayList<>();
        String master = conf.get("spark.master", "");
        // There the driver is the executor: its heap is what it is.
        boolean local = master.equals("local") || master.startsWith("local[");
        long heap = local ? Runtime.getRuntime().maxMemory() >> 20 : conf.getSizeAsMb(HEAP, Math.max(DEFAULT_HEAP_MIB, needed.heapMib()) + "m");
        if (heap < needed.heapMib()) {
            problems.add(String.format("Cannot %s: %s is %d MiB (expected at least %dm, or less of data.shuffle-window or train.cache-bytes)",
                job, local ? "spark.driver.memory" : HEAP, heap, needed.heapMib()));
        }
        if (!local) {
            conf.set(HEAP, heap + "m");
        }
        if (master.startsWith("yarn") || master.startsWith("k8s")) {
            long byFactor = Math.max(DEFAULT_OVERHEAD_MIB, (long) (heap * conf.getDouble(OVERHEAD_FACTOR, 0)));
            // Without a unit it means MiB.
            long overhead = conf.contains(OVERHEAD) ? JavaUtils.byteStringAsMb(conf.get(OVERHEAD)) : Math.max(byFactor, needed.nativeMib());
            if (overhead < needed.nativeMib()) {
                problems.add(String.format("Cannot %s: %s is %d MiB (expected at least %dm, or a smaller batch.micro-batch-size)", job, OVERHEAD,
                    overhead, needed.nativeMib()));
            }
            conf.set(OVERHEAD, overhead + "m");
        }
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
    }
}
