package sknet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sknet.fixture.Parity.assertParity;

import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import sknet.optimize.MomentumStep;

class MomentumStepTest {
    private static final int BATCH = 7;

    @ParameterizedTest
    @EnumSource(DecayRule.class)
    void itDoesWhatTheUpdaterOfDl4jDoes(DecayRule rule) {
        ComputationGraph expected = graph(rule);
        ComputationGraph actual = graph(rule);
        actual.setParams(expected.params());
        MomentumStep step = new MomentumStep(actual);
        for (int iteration = 0; iteration < 3; iteration++) {
            INDArray gradient = Nd4j.randn(DataType.DOUBLE, expected.getFlattenedGradients().shape());
            expected.getFlattenedGradients().assign(gradient);
            expected.getUpdater().update(expected.gradient(), iteration, 0, BATCH, LayerWorkspaceMgr.noWorkspaces());
            expected.params().subi(expected.getFlattenedGradients().reshape(expected.params().shape()));
            actual.getFlattenedGradients().assign(gradient);
            step.take(BATCH, iteration, 0);
        }
        assertParity(expected.params(), actual.params(), 1e-12, "parameters");
        assertParity(expected.getUpdater().getStateViewArray(), actual.getUpdater().getStateViewArray(), 1e-12, "velocities");
    }

    private static ComputationGraph graph(DecayRule rule) {
        ComputationGraphConfiguration configuration = NetworkBuilder.build(SmallSkNet.architecture(), NetworkOptions.of(10, 48)
                .withOptimiser(0.9, new MapSchedule(ScheduleType.ITERATION, Map.of(0, 0.1, 2, 0.03))).withWeightDecay(0.01, rule));
        configuration.setDataType(DataType.DOUBLE);
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        graph.initGradientsView();
        // DL4J lists the gradients of layers that have run.
        graph.setInputs(Nd4j.randn(DataType.DOUBLE, 2, 3, 48, 48));
        graph.setLabels(Nd4j.eye(10).castTo(DataType.DOUBLE).get(NDArrayIndex.interval(0, 2)));
        graph.computeGradientAndScore();
        return graph;
    }

    @Test
    void anotherRuleIsAnErrorThatNamesIt() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder().updater(new Adam(0.1)).graphBuilder()
                .addInputs("in").setInputTypes(InputType.feedForward(3))
                .addLayer("fc", new OutputLayer.Builder().nOut(2).build(), "in").setOutputs("fc").build());
        graph.init();
        graph.initGradientsView();
        String message = assertThrows(IllegalArgumentException.class, () -> new MomentumStep(graph)).getMessage();
        assertEquals("Cannot train W by Adam", message.substring(0, 22));
        assertTrue(message.endsWith("(expected ClassicMomentum and at most a CoupledWeightDecay)"), message);
    }
}
