package sknet.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

class ClassicMomentumTest {

    @Test
    void theVelocityKeepsGradientsAndTheRateActsAtOnce() {
        ClassicMomentum momentum = new ClassicMomentum(new MapSchedule(ScheduleType.ITERATION, Map.of(0, 0.5, 1, 0.05)), 0.9);
        INDArray velocity = Nd4j.valueArrayOf(new long[] {2}, 7, DataType.DOUBLE);
        GradientUpdater<ClassicMomentum> updater = momentum.instantiate(velocity, true);
        INDArray gradient = Nd4j.createFromArray(1.0, -2.0);
        updater.applyUpdater(gradient, 0, 0);
        assertEquals(Nd4j.createFromArray(0.5, -1.0), gradient);
        gradient.assign(Nd4j.createFromArray(1.0, 0.0));
        updater.applyUpdater(gradient, 1, 0);
        assertEquals(Nd4j.createFromArray(0.05 * 1.9, 0.05 * -1.8), gradient);
        assertEquals(Nd4j.createFromArray(1.9, -1.8), velocity);
    }

    @Test
    void theRateFollowsTheScheduleTimesTheFactor() {
        ClassicMomentum momentum = new ClassicMomentum(new StepSchedule(ScheduleType.EPOCH, 0.1, 0.1, 30), 0.9);
        assertEquals(0.1, momentum.getLearningRate(5000, 29), 1e-12);
        assertEquals(0.01, momentum.getLearningRate(0, 30), 1e-12);
        assertEquals(0.02, momentum.withRateFactor(2).getLearningRate(0, 30), 1e-12);
    }

    @Test
    void aMomentumOfOneIsAnError() {
        assertEquals("Cannot train with momentum 1.0 and rate factor 1.0 (expected 0 <= momentum < 1 and a positive factor)",
                assertThrows(IllegalArgumentException.class, () -> new ClassicMomentum(new FixedSchedule(0.1), 1)).getMessage());
    }
}
