package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.apache.spark.SparkConf;
import org.junit.jupiter.api.Test;
import sknet.train.ExecutorMemory;

class MemorySettingsTest {

    private static final ExecutorMemory NEEDED = new ExecutorMemory(1500L << 20, (2500L << 20) - 1);

    @Test
    void whatIsNotSetIsSetToWhatSuffices() {
        SparkConf conf = conf("yarn");
        MemorySettings.set(conf, "train x", NEEDED);
        assertEquals("1500m", conf.get("spark.executor.memory"));
        assertEquals("2500m", conf.get("spark.executor.memoryOverhead"));
    }

    @Test
    void moreThanItNeedsIsLeft() {
        SparkConf conf = conf("k8s://https://127.0.0.1:6443").set("spark.executor.memory", "4g").set("spark.executor.memoryOverhead", "3000");
        MemorySettings.set(conf, "train x", NEEDED);
        assertEquals("4096m", conf.get("spark.executor.memory"));
        assertEquals("3000m", conf.get("spark.executor.memoryOverhead"));
    }

    @Test
    void sparksDefaultsAreTheLeast() {
        SparkConf conf = conf("yarn");
        MemorySettings.set(conf, "train x", new ExecutorMemory(1 << 20, 1 << 20));
        assertEquals("1024m", conf.get("spark.executor.memory"));
        assertEquals("384m", conf.get("spark.executor.memoryOverhead"));
        SparkConf factor = conf("yarn").set("spark.executor.memoryOverheadFactor", "0.5").set("spark.executor.memory", "8g");
        MemorySettings.set(factor, "train x", NEEDED);
        assertEquals("4096m", factor.get("spark.executor.memoryOverhead"));
    }

    @Test
    void whatDoesNotSufficeIsRefusedByKeyAndNumber() {
        SparkConf conf = conf("yarn").set("spark.executor.memory", "1g").set("spark.executor.memoryOverhead", "1g");
        InvalidSettingsException refused = assertThrows(InvalidSettingsException.class, () -> MemorySettings.set(conf, "train x", NEEDED));
        assertEquals(List.of("Cannot train x: spark.executor.memory is 1024 MiB (expected at least 1500m, or less of data.shuffle-window or train.cache-bytes)",
            "Cannot train x: spark.executor.memoryOverhead is 1024 MiB (expected at least 2500m, or a smaller batch.micro-batch-size)"), refused.problems());
    }

    @Test
    void whatIsOnlyOfferedIsNotRefused() {
        SparkConf conf = conf("yarn").set("spark.executor.memoryOverhead", "1g");
        MemorySettings.offer(conf, NEEDED);
        assertEquals("1500m", conf.get("spark.executor.memory"));
        assertEquals("1024m", conf.get("spark.executor.memoryOverhead"));
    }

    @Test
    void whereNobodyEnforcesItNativeMemoryIsNotAsked() {
        SparkConf conf = conf("spark://127.0.0.1:7077").set("spark.executor.memoryOverhead", "1m");
        MemorySettings.set(conf, "train x", NEEDED);
        assertEquals("1500m", conf.get("spark.executor.memory"));
        assertEquals("1m", conf.get("spark.executor.memoryOverhead"));
    }

    @Test
    void whereTheDriverIsTheExecutorItsOwnHeapCounts() {
        SparkConf conf = conf("local[2]");
        MemorySettings.set(conf, "train x", new ExecutorMemory(1 << 20, 1L << 50));
        assertFalse(conf.contains("spark.executor.memory"));
        assertEquals("Cannot train x: spark.driver.memory is " + (Runtime.getRuntime().maxMemory() >> 20) + " MiB (expected at least 1048576m, or less of"
            + " data.shuffle-window or train.cache-bytes)",
            assertThrows(InvalidSettingsException.class, () -> MemorySettings.set(conf, "train x", new ExecutorMemory(1L << 40, 0))).getMessage());
    }

    private static SparkConf conf(String master) {
        return new SparkConf(false).setMaster(master);
    }
}
