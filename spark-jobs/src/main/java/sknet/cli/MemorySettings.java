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
        long heap = isLocal(conf) ? Runtime.getRuntime().maxMemory() >> 20 : heap(conf, needed);
        if (heap < needed.heapMib()) {
            problems.add(String.format("Cannot %s: %s is %d MiB (expected at least %dm, or less of data.shuffle-window or train.cache-bytes)",
                job, isLocal(conf) ? "spark.driver.memory" : HEAP, heap, needed.heapMib()));
        }
        if (isEnforced(conf) && overhead(conf, needed) < needed.nativeMib()) {
            problems.add(String.format("Cannot %s: %s is %d MiB (expected at least %dm, or a smaller batch.micro-batch-size)", job, OVERHEAD,
                overhead(conf, needed), needed.nativeMib()));
        }
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
        offer(conf, needed);
    }

    /** Sets what is not set, and takes what is for enough. */
    static void offer(SparkConf conf, ExecutorMemory needed) {
        if (!isLocal(conf)) {
            conf.set(HEAP, heap(conf, needed) + "m");
        }
        if (isEnforced(conf)) {
            conf.set(OVERHEAD, overhead(conf, needed) + "m");
        }
    }

    private static long heap(SparkConf conf, ExecutorMemory needed) {
        return conf.getSizeAsMb(HEAP, Math.max(DEFAULT_HEAP_MIB, needed.heapMib()) + "m");
    }

    private static long overhead(SparkConf conf, ExecutorMemory needed) {
        if (conf.contains(OVERHEAD)) {
            // Without a unit it means MiB.
            return JavaUtils.byteStringAsMb(conf.get(OVERHEAD));
        }
        long byFactor = (long) (heap(conf, needed) * conf.getDouble(OVERHEAD_FACTOR, 0));
        return Math.max(Math.max(DEFAULT_OVERHEAD_MIB, byFactor), needed.nativeMib());
    }

    /** Whether the driver is the executor too: its heap is what it is. */
    private static boolean isLocal(SparkConf conf) {
        return SparkSessions.master(conf).equals("local") || SparkSessions.master(conf).startsWith("local[");
    }

    private static boolean isEnforced(SparkConf conf) {
        return SparkSessions.master(conf).startsWith("yarn") || SparkSessions.master(conf).startsWith("k8s");
    }
}
