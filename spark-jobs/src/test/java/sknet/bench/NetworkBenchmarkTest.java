package sknet.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sknet.bench.BenchmarkResult.Share;
import sknet.model.ModelCatalogue;
import sknet.model.Precision;

class NetworkBenchmarkTest {

    @ParameterizedTest
    @EnumSource(Workload.class)
    void everyStepIsTimedAndCounted(Workload workload) throws Exception {
        List<String> heard = new ArrayList<>();
        BenchmarkResult result = new NetworkBenchmark(workload, ModelCatalogue.named("sknet-fashion"), Precision.FP32, 28, 4, 1, 1, 3)
            .run((done, total) -> heard.add(done + "/" + total));
        assertEquals(List.of("1/4", "2/4", "3/4", "4/4"), heard);
        assertTrue(result.fastestMillis() <= result.medianMillis() && result.medianMillis() <= result.slowestMillis(), result.toString());
        assertEquals(4e3 / result.medianMillis(), result.imagesPerSecond(), 1e-9);
        // 5,669,184 multiply-adds an image, two operations each.
        double passes = workload == Workload.TRAIN ? 3 : 1;
        assertEquals(2 * 5_669_184 * passes * result.imagesPerSecond() / 1e9, result.gigaFlops(), 1e-6 * result.gigaFlops());
        assertTrue(result.peakMemoryMiB() > 10, result.toString());
        assertEquals("fp32", result.precision());
    }

    @Test
    void theProfileHasTheCallsOfAStepAndTheirTime() throws Exception {
        BenchmarkResult result = new NetworkBenchmark(Workload.TRAIN, ModelCatalogue.named("sknet-fashion"), Precision.FP32, 28, 4, 1, 1, 3)
            .run((done, total) -> { });
        Map<String, Double> calls = result.profile().stream().collect(Collectors.toMap(Share::operation, Share::calls));
        assertEquals(2, calls.get("residual sum, forward"), calls.toString());
        // The stem's has no input gradient.
        assertEquals(1, calls.get("convolution 5x5, backwardWeights"), calls.toString());
        assertFalse(calls.containsKey("convolution 5x5, backwardData"), calls.toString());
        double[] millis = result.profile().stream().mapToDouble(Share::millis).toArray();
        assertTrue(IntStream.range(1, millis.length).allMatch(i -> millis[i] <= millis[i - 1]), result.toString());
        assertTrue(result.otherMillis() > 0 && result.otherMillis() < result.meanMillis(), result.toString());
    }
}
