package sknet.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import sknet.train.TrainingObserver.Resumed;

class TrainingMetricsTest {

    private final TrainingMetrics metrics = new TrainingMetrics();
    private final TrainingObserver observer = new TrainingObservers(List.of(metrics));

    @Test
    void restartsAndCorruptRecordsAreCounted() {
        for (int restart = 1; restart <= 2; restart++) {
            observer.stepped(new StepMetrics(10, 0, 3, 0.1, 2, 5, 0, 0, 0, 3));
            observer.restarting(restart, new IOException("an executor is lost"));
        }
        assertEquals(2, metrics.metricRegistry().counter("restarts").getCount());
        assertEquals(6, metrics.metricRegistry().counter("corruptRecords").getCount());
    }

    @Test
    void aRunThatGoesOnIsAtItsCheckpointBeforeTheFirstReport() {
        observer.started(500, 1000, Resumed.FROM_CHECKPOINT);
        assertEquals(500L, gauge("step"));
        assertEquals(1000L, gauge("totalSteps"));
        assertEquals(Double.NaN, gauge("loss"), "not known yet");
        observer.stepped(new StepMetrics(520, 3, 2.5, 0.1, 2, 5, 0, 0, 0, 0));
        observer.started(500, 1000, Resumed.FROM_CHECKPOINT);
        assertEquals(500L, gauge("step"), "back to the checkpoint");
    }

    private Object gauge(String name) {
        return metrics.metricRegistry().getGauges().get(name).getValue();
    }
}
