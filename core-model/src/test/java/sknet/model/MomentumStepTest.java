package sknet.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sknet.fixture.Parity.assertParity;

import java.util.Arrays;
import java.util.List;
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

    @Test
    void aLongGradientIsShortenedToTheNormAndStatisticsAreNot() {
        ComputationGraph expected = graph(DecayRule.ALL);
        ComputationGraph actual = graph(DecayRule.ALL);
        actual.setParams(expected.params());
        MomentumStep unclipped = new MomentumStep(expected);
        double norm = norm(expected) / BATCH;
        for (double clipNorm : new double[] {norm / 3, norm / 1.001, norm * 1.001}) {
            actual.getFlattenedGradients().assign(expected.getFlattenedGradients());
            INDArray gradient = expected.getFlattenedGradients().dup();
            trained(expected).forEach(trained -> trained.muli(Math.min(1, clipNorm / norm)));
            unclipped.take(BATCH, 0, 0);
            new MomentumStep(actual, clipNorm).take(BATCH, 0, 0);
            assertParity(expected.params(), actual.params(), 1e-12, "parameters at " + clipNorm);
            assertParity(expected.getUpdater().getStateViewArray(), actual.getUpdater().getStateViewArray(), 1e-12, "velocities");
            expected.getFlattenedGradients().assign(gradient);
        }
    }

    @Test
    void aNormThatIsNotReachedChangesNoBit() {
        ComputationGraph expected = graph(DecayRule.ALL);
        ComputationGraph actual = graph(DecayRule.ALL);
        actual.setParams(expected.params());
        actual.getFlattenedGradients().assign(expected.getFlattenedGradients());
        new MomentumStep(expected).take(BATCH, 0, 0);
        new MomentumStep(actual, 1e9).take(BATCH, 0, 0);
        assertArrayEquals(expected.params().data().asDouble(), actual.params().data().asDouble());
    }

    /** By plain Java, of the gradients of one batch. */
    private static double norm(ComputationGraph graph) {
        return Math.sqrt(trained(graph).stream().flatMapToDouble(gradient -> Arrays.stream(gradient.dup('c').data().asDouble()))
                .map(value -> value * value).sum());
    }

    private static List<INDArray> trained(ComputationGraph graph) {
        return graph.gradient().gradientForVariable().entrySet().stream()
                .filter(entry -> !entry.getKey().endsWith("mean") && !entry.getKey().endsWith("variance")).map(Map.Entry::getValue).toList();
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
