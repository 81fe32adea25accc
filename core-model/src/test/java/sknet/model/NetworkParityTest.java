package sknet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static sknet.fixture.Parity.assertParity;
import static sknet.fixture.Parity.fixtureLayout;
import static sknet.fixture.Parity.fixtureName;

import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.FixedSchedule;
import sknet.fixture.Fixture;
import sknet.kernel.KernelProvider;
import sknet.kernel.Kernels;
import sknet.layer.InputGradient;

class NetworkParityTest {
    private static final Fixture FIXTURE = Fixture.read("small_sknet");
    private static final Kernels KERNELS = KernelProvider.kernels();
    private static final int BATCH = 4;

    @ParameterizedTest
    @EnumSource(value = WorkspaceMode.class, names = {"ENABLED", "NONE"})
    void aNetworkAgreesWithTheReferenceInOutputsAndEveryGradient(WorkspaceMode mode) {
        ComputationGraph graph = graph(DecayRule.ALL, mode, DataType.FLOAT);
        assertParity(FIXTURE.tensor("f64/eval_out"), graph.outputSingle(false, FIXTURE.floats("in/x")), 1e-4, "eval_out");
        Map<String, INDArray> activations = graph.feedForward(new INDArray[] {FIXTURE.floats("in/x")}, true, true);
        for (String name : FIXTURE.names("f64/act/")) {
            INDArray reached = activations.get(name.substring("f64/act/".length()));
            assertParity(FIXTURE.tensor(name), reached.rank() == 4 ? KERNELS.plain(reached) : reached, 1e-4, name);
        }
        assertParity(FIXTURE.tensor("f64/out"), activations.get("fc"), 1e-4, "out");

        graph.setInputs(FIXTURE.floats("in/x"));
        graph.setLabels(labels());
        AtomicReference<INDArray> imageGradient = new AtomicReference<>();
        graph.setListeners(new BaseTrainingListener() {
            @Override
            public void onBackwardPass(Model model) {
                if (mode == WorkspaceMode.NONE) {
                    // With workspaces this memory is already given back.
                    imageGradient.set(graph.getVertex("image").getEpsilon().div(BATCH));
                }
            }
        });
        graph.computeGradientAndScore();
        assertEquals(FIXTURE.tensor("f64/loss").getDouble(0), graph.score(), 1e-5);
        Map<String, INDArray> gradients = graph.gradient().gradientForVariable();
        assertEquals(graph.paramTable().keySet(), gradients.keySet());
        gradients.forEach((key, gradient) -> {
            String name = fixtureName(key);
            INDArray mean = fixtureLayout(key, gradient).div(BATCH);
            if (name.contains("running")) {
                assertParity(FIXTURE.tensor("f64/running1/" + name), graph.paramTable().get(key).sub(mean), 1e-4, name);
            } else {
                assertParity(FIXTURE.tensor("f64/grad/" + name), mean, 1e-4, "gradient of " + name);
            }
        });
        if (mode == WorkspaceMode.NONE) {
            assertParity(FIXTURE.tensor("f64/grad/x"), imageGradient.get(), 1e-4, "gradient of x");
        }
    }

    /** In double the whole of training is judged: gradients, decay rule, momentum, rates and statistics, over three steps. */
    @ParameterizedTest
    @CsvSource({"sgd3, ALL", "sgd3a, WEIGHTS_ONLY"})
    void threeStepsOfTrainingInDoubleAgreeWithTheReference(String reference, DecayRule rule) {
        ComputationGraph graph = graph(rule, WorkspaceMode.ENABLED, DataType.DOUBLE);
        for (int step = 0; step < 3; step++) {
            graph.fit(new DataSet(FIXTURE.tensor("in/x"), labels().castTo(DataType.DOUBLE)));
            assertEquals(FIXTURE.tensor("f64/" + reference + "/losses").getDouble(step), graph.score(), 1e-9, "loss of step "
                    + step);
        }
        graph.paramTable().forEach((key, value) -> assertParity(FIXTURE.tensor("f64/" + reference + "/" + fixtureName(key)),
                fixtureLayout(key, value), 1e-9, key));
        assertParity(FIXTURE.tensor("f64/" + reference + "/eval_logits"), graph.outputSingle(false, FIXTURE.tensor("in/x")), 1e-9,
                "eval_logits");
    }

    /**
     * In float the three steps are chaotic: where a value rounds to the other side of a ReLU's zero, the rest changes in the
     * third digit. So float is held to the tolerance for one step, against the same step in double, and to the reference's losses
     * within one percent for three.
     */
    @ParameterizedTest
    @CsvSource({"sgd3, ALL", "sgd3a, WEIGHTS_ONLY"})
    void trainingInFloatAgreesWithTheReference(String reference, DecayRule rule) {
        ComputationGraph exact = graph(rule, WorkspaceMode.ENABLED, DataType.DOUBLE);
        exact.fit(new DataSet(FIXTURE.tensor("in/x"), labels().castTo(DataType.DOUBLE)));
        ComputationGraph graph = graph(rule, WorkspaceMode.ENABLED, DataType.FLOAT);
        for (int step = 0; step < 3; step++) {
            graph.fit(new DataSet(FIXTURE.floats("in/x"), labels()));
            assertEquals(1, graph.score() / FIXTURE.tensor("f64/" + reference + "/losses").getDouble(step), 1e-2, "loss of step "
                    + step);
            if (step == 0) {
                exact.paramTable().forEach((key, value) -> assertParity(value, graph.paramTable().get(key), 1e-4, key));
            }
        }
        assign(graph, "f64/" + reference + "/");
        assertParity(FIXTURE.tensor("f64/" + reference + "/eval_logits"), graph.outputSingle(false, FIXTURE.floats("in/x")), 1e-4,
                "eval_logits");
    }

    private static INDArray labels() {
        INDArray labels = Nd4j.zeros(DataType.FLOAT, BATCH, 10);
        for (int n = 0; n < BATCH; n++) {
            labels.putScalar(n, FIXTURE.tensor("in/labels").getInt(n), 1);
        }
        return labels;
    }

    private static ComputationGraph graph(DecayRule rule, WorkspaceMode mode, DataType type) {
        ComputationGraphConfiguration configuration = NetworkBuilder.build(SmallSkNet.architecture(), NetworkOptions.of(10, 48)
                .withOptimiser(0.9, new FixedSchedule(0.05)).withWeightDecay(1e-4,
                rule).withInputGradient(InputGradient.COMPUTED));
        configuration.setDataType(type);
        configuration.setTrainingWorkspaceMode(mode);
        configuration.setInferenceWorkspaceMode(mode);
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        assign(graph, "init/");
        return graph;
    }

    private static void assign(ComputationGraph graph, String prefix) {
        graph.paramTable().forEach((key, value) -> {
            INDArray tensor = FIXTURE.tensor(prefix + fixtureName(key)).castTo(value.dataType());
            value.assign(key.endsWith("_W") ? tensor.transpose() : tensor.reshape('c', value.shape()));
        });
    }
}
