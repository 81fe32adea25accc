package sknet.optimize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import sknet.model.ModelCatalogue;
import sknet.model.NetworkBuilder;
import sknet.model.NetworkOptions;

class ScheduleTest {

    @Test
    void halfACosineFallsFromTheRateTo0() {
        HalfCosine schedule = new HalfCosine(0.4, 120);
        assertEquals(0.4, schedule.valueAt(0, 0));
        assertEquals(0.3, schedule.valueAt(40, 7), 1e-15);
        assertEquals(0.2, schedule.valueAt(60, 0), 1e-15);
        assertEquals(0.1, schedule.valueAt(80, 0), 1e-15);
        assertEquals(0.2 * (1 + Math.cos(Math.PI * 119 / 120)), schedule.valueAt(119, 0), 1e-18);
        assertEquals(0, schedule.valueAt(120, 0));
        assertEquals(0, schedule.valueAt(500, 0), "it stays there");
    }

    @Test
    void aWarmUpRisesToTheScheduleInEqualSteps() {
        WarmUp schedule = new WarmUp(new FixedSchedule(0.8), 4);
        assertEquals(0.2, schedule.valueAt(0, 0), 1e-15);
        assertEquals(0.4, schedule.valueAt(1, 0), 1e-15);
        assertEquals(0.6, schedule.valueAt(2, 0), 1e-15);
        assertEquals(0.8, schedule.valueAt(3, 0));
        assertEquals(0.8, schedule.valueAt(4, 0));
    }

    @Test
    void aWarmUpIsAShareOfWhatTheScheduleSaysInThatStep() {
        WarmUp steps = new WarmUp(new MapSchedule(ScheduleType.ITERATION, Map.of(0, 1.0, 2, 0.1)), 4);
        assertEquals(0.5, steps.valueAt(1, 0), 1e-15);
        assertEquals(0.075, steps.valueAt(2, 0), 1e-15);
        HalfCosine cosine = new HalfCosine(1, 10);
        assertEquals(0.6 * cosine.valueAt(2, 0), new WarmUp(cosine, 5).valueAt(2, 0), 1e-15);
    }

    @Test
    void theConfigurationOfANetworkKeepsItsScheduleInJson() {
        ISchedule schedule = new WarmUp(new HalfCosine(0.1, 3_000_000_000L), 7);
        ComputationGraphConfiguration configuration = NetworkBuilder.build(ModelCatalogue.named("sknet-fashion").architecture(),
                NetworkOptions.of(10, 16).withOptimiser(0.9, schedule));
        ComputationGraphConfiguration read = ComputationGraphConfiguration.fromJson(configuration.toJson());
        assertEquals(configuration.toJson(), read.toJson());
        LayerVertex classifier = (LayerVertex) read.getVertices().get("fc");
        assertEquals(new ClassicMomentum(schedule, 0.9), ((BaseLayer) classifier.getLayerConf().getLayer()).getIUpdater());
    }

    @Test
    void whatCannotBeIsAnErrorThatNamesIt() {
        assertEquals("Cannot warm up in 0 steps (expected at least 1)",
                assertThrows(IllegalArgumentException.class, () -> new WarmUp(new FixedSchedule(1), 0)).getMessage());
        assertEquals("Cannot lower a learning rate of 0.0 over 5 steps (expected a rate above 0 and at least 0 steps)",
                assertThrows(IllegalArgumentException.class, () -> new HalfCosine(0, 5)).getMessage());
    }
}
