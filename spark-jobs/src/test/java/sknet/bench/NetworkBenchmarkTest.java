package sknet.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import sknet.model.ModelCatalogue;

class NetworkBenchmarkTest {

    @ParameterizedTest
    @EnumSource(Workload.class)
    void everyStepIsTimedAndCounted(Workload workload) throws Exception {
        List<String> heard = new ArrayList<>();
        BenchmarkResult result = new NetworkBenchmark(workload, ModelCatalogue.named("sknet-fashion"), 28, 4, 1, 1, 3)
            .run((done, total) -> heard.add(done + "/" + total));
        assertEquals(List.of("1/4", "2/4", "3/4", "4/4"), heard);
        assertTrue(result.fastestMillis() <= result.medianMillis() && result.medianMillis() <= result.slowestMillis(), result.toString());
        assertEquals(4e3 / result.medianMillis(), result.imagesPerSecond(), 1e-9);
        // 5,669,184 multiply-adds an image, two operations each.
        double passes = workload == Workload.TRAIN ? 3 : 1;
        assertEquals(2 * 5_669_184 * passes * result.imagesPerSecond() / 1e9, result.gigaFlops(), 1e-6 * result.gigaFlops());
        assertTrue(result.peakMemoryMiB() > 10, result.toString());
    }
}
