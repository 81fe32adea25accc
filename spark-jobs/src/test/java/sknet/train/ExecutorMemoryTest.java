package sknet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sknet.data.image.OnCorrupt;
import sknet.data.image.PadCrop;
import sknet.data.shard.DatasetManifest;
import sknet.model.Complexity;
import sknet.model.Precision;
import sknet.optimize.StepOptions;
import sknet.sync.WireType;

/** Of a network of a million parameters that keeps a million activations an image, and 1,000 images of together 100 MiB. */
class ExecutorMemoryTest {

    private static final Complexity NETWORK = new Complexity(1_000_000, 1_000_000, 0, 0, 1_000_000);
    private static final DatasetManifest.Split SPLIT = new DatasetManifest.Split(List.of(
        new DatasetManifest.Shard("shard-00000.seq", 1000, 100L << 20, "0".repeat(64))), List.of(1000));
    private static final long MIB = 1 << 20;

    @Test
    void activationsCountForEachImageAndHalfInBfloat16() {
        // With those of four batches of images of 3 x 8 x 8.
        assertEquals(1.15 * 8 * (4_000_000 + 4 * 3 * 64 * 4),
            of(16, 4, 4, Precision.FP32, 0, 0).nativeBytes() - of(8, 4, 4, Precision.FP32, 0, 0).nativeBytes(), 2);
        assertEquals(1.15 * 16 * 2_000_000, of(16, 4, 4, Precision.FP32, 0, 0).nativeBytes() - of(16, 4, 4, Precision.BF16, 0, 0).nativeBytes(), 2);
    }

    @Test
    void eachLevelOfTheSumOverMicroBatchesIsAGradient() {
        ExecutorMemory one = of(8, 8, 8, Precision.FP32, 0, 0);
        ExecutorMemory two = of(8, 8, 4, Precision.FP32, 0, 0);
        ExecutorMemory eight = of(8, 8, 1, Precision.FP32, 0, 0);
        assertEquals(1.15 * 4_000_000, two.nativeBytes() - one.nativeBytes(), 2);
        assertEquals(3 * 1.15 * 4_000_000, eight.nativeBytes() - one.nativeBytes(), 2);
    }

    @Test
    void theHeapHoldsTwoWindowsSharedByTheExecutorsOrTheShardsAsFarAsTheyAreKept() {
        long atRest = of(8, 4, 4, Precision.FP32, 0, 0).heapBytes();
        assertEquals(2 * 500 * (100 * MIB / 1000) / 4, of(8, 4, 4, Precision.FP32, 500, 0).heapBytes() - atRest);
        assertEquals(60 * MIB, of(8, 4, 4, Precision.FP32, 0, 60 * MIB).heapBytes() - atRest);
        assertEquals(100 * MIB, of(8, 4, 4, Precision.FP32, 0, 600 * MIB).heapBytes() - atRest);
    }

    @Test
    void anEvaluationKeepsAPartOfTheActivationsOfAllCropsAndTheParametersOnce() {
        ExecutorMemory one = ExecutorMemory.ofEvaluation(List.of(NETWORK), 64, 16, MIB);
        ExecutorMemory two = ExecutorMemory.ofEvaluation(List.of(NETWORK, NETWORK), 128, 16, MIB);
        assertEquals(1.15 * 16 * (4_000_000 / 6.0 + 3 * 3 * 64 * 4), two.nativeBytes() - one.nativeBytes(), 2);
        assertEquals(MIB, one.heapBytes() - ExecutorMemory.ofEvaluation(List.of(NETWORK), 64, 16, 0).heapBytes());
    }

    @Test
    void whatSufficesForEitherIsTheLargerOfEach() {
        assertEquals(new ExecutorMemory(3, 4), new ExecutorMemory(3, 1).or(new ExecutorMemory(2, 4)));
        assertEquals(1, new ExecutorMemory(1, 0).heapMib());
        assertEquals(2, new ExecutorMemory(0, MIB + 1).nativeMib());
    }

    private static ExecutorMemory of(int images, int microBatches, int executors, Precision precision, int window, long cacheBytes) {
        TrainingPlan plan = new TrainingPlan("file:/data", "file:/run", 2, microBatches, images, new PadCrop(8, 0, 0), 8, 1, StepOptions.NONE,
            new ReadingPlan(window, cacheBytes, 1, OnCorrupt.ERROR), 0, Duration.ZERO, 1, WireType.FP32, Duration.ofSeconds(1),
            Duration.ofSeconds(1), Map.of());
        return ExecutorMemory.ofTraining(NETWORK, precision, plan, SPLIT, executors);
    }
}
