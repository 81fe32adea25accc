package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import sknet.optimize.HalfCosine;
import sknet.optimize.WarmUp;

/** The schedule that the settings ask for, of 10 epochs of 20 steps. */
class NetworksTest {

    @Test
    void theRateFallsAtTheEpochsOfTheStepSchedule() {
        ISchedule schedule = schedule("optimizer.decay-epochs=[2.5, 1]");
        assertEquals(new MapSchedule(ScheduleType.ITERATION, Map.of(0, 0.1, 20, 0.1 * 0.1, 50, 0.1 * 0.1 * 0.1)), schedule);
    }

    @Test
    void theCosineEndsWithTheLastEpoch() {
        assertEquals(new HalfCosine(0.1, 200), schedule("optimizer.schedule=cosine"));
    }

    @Test
    void anyScheduleCanBeWarmedUpTo() {
        assertEquals(new WarmUp(new HalfCosine(0.1, 200), 10), schedule("optimizer.schedule=cosine", "optimizer.warm-up-epochs=0.5"));
        assertEquals(0.1 * 5 / 100, schedule("optimizer.warm-up-epochs=5").valueAt(4, 0), 1e-15);
    }

    private static ISchedule schedule(String... overrides) {
        return Networks.schedule(Settings.load(List.of(), List.of(), List.of(overrides)).optimizer(), 10, 20);
    }
}
