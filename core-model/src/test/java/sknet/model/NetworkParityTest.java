package sknet.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sknet.fixture.Parity.assertParity;
import static sknet.fixture.Parity.fixtureLayout;
import static sknet.fixture.Parity.fixtureName;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.linalg.schedule.FixedSchedule;
import sknet.fixture.Fixture;
import sknet.kernel.KernelProvider;
import sknet.kernel.Kernels;
import sknet.kernel.onednn.Processor;
import sknet.layer.InputGradient;
import sknet.layer.KeptActivations;

class NetworkParityTest {
    private static final Fixture FIXTURE = Fixture.read("small_sknet");
    private static final Kernels KERNELS = KernelProvider.kernels();
    private static final int BATCH = 4;

    @ParameterizedTest
    @EnumSource(value = WorkspaceMode.class, names = {"ENABLED", "NONE"})
    void aNetworkAgreesWithTheReferenceInOutputsAndEveryGradient(WorkspaceMode mode) {
        Map<String, INDArray> results = results(mode, Precision.FP32);
        results.forEach((name, result) -> assertParity(FIXTURE.tensor("f64/" + name), result, 1e-4, name));
        assertEquals(FIXTURE.tensor("f64/loss").getDouble(0), results.get("loss").getDouble(0), 1e-5);
    }

    /**
     * The fixture's batch norms have as few as 4 values, so that it tells little of gradients in bfloat16: rounding nothing but its images
     * turns the exact gradient to a cosine of 0.94, and moves parts of it by more than they are. {@code sknet.layer} judges layer by layer.
     */
    @Test
    void inBFloat16OutputsAndStatisticsAgreeWithTheReference() {
        Processor.assumeServed(DataType.BFLOAT16);
        Map<String, INDArray> results = results(WorkspaceMode.NONE, Precision.BF16);
        List<INDArray> expected = new ArrayList<>();
        List<INDArray> found = new ArrayList<>();
        results.forEach((name, result) -> {
            INDArray reference = FIXTURE.tensor("f64/" + name);
            if (name.startsWith("grad/")) {
                expected.add(Nd4j.toFlattened('c', reference));
                found.add(Nd4j.toFlattened('c', result.castTo(DataType.DOUBLE)));
            } else {
                assertParity(reference, result, toleranceInBFloat16(name), name);
            }
        });
        double cosine = Transforms.cosineSim(Nd4j.toFlattened('c', expected), Nd4j.toFlattened('c', found));
        assertTrue(cosine > 0.85, "the gradient's cosine is " + cosine);
    }

    private static double toleranceInBFloat16(String name) {
        if (Set.of("act/stages.2.0", "act/stages.3.0", "act/gap", "out").contains(name)) {
            return 0.15;
        }
        return name.startsWith("running1/") ? 3e-2 : 2e-2;
    }

    /** All that the fixture has of one step, by the fixture's names; without workspaces what lies inside of blocks and before them too. */
    private static Map<String, INDArray> results(WorkspaceMode mode, Precision precision) {
        ComputationGraph graph = graph(DecayRule.ALL, mode, DataType.FLOAT, precision);
        Map<String, INDArray> results = new LinkedHashMap<>();
        results.put("eval_out", graph.outputSingle(false, FIXTURE.floats("in/x")));
        boolean kept = mode == WorkspaceMode.NONE;
        Map<String, INDArray> activations = graph.feedForward(new INDArray[] {FIXTURE.floats("in/x")}, true, !kept);
        for (String name : List.of("pool", "stages.0.0", "stages.1.0", "stages.2.0", "stages.3.0")) {
            results.put("act/" + name, KERNELS.plain(activations.get(name)));
        }
        results.put("act/gap", activations.get("gap"));
        results.put("out", activations.get("fc"));
        if (kept) {
            results.put("act/stages.1.0.mid", KERNELS.plain(KeptActivations.of(graph.getLayer("stages.1.0")).get("mid")));
        }
        graph.setInputs(FIXTURE.floats("in/x"));
        graph.setLabels(labels());
        graph.setListeners(new BaseTrainingListener() {
            @Override
            public void onBackwardPass(Model model) {
                if (kept) {
                    // With workspaces this memory is already given back.
                    results.put("grad/x", graph.getVertex("image").getEpsilon().div(BATCH));
                }
            }
        });
        graph.computeGradientAndScore();
        results.put("loss", Nd4j.createFromArray(graph.score()));
        Map<String, INDArray> gradients = graph.gradient().gradientForVariable();
        assertEquals(graph.paramTable().keySet(), gradients.keySet());
        gradients.forEach((key, gradient) -> {
            String name = fixtureName(key);
            INDArray mean = fixtureLayout(key, gradient).div(BATCH);
            boolean statistic = name.contains("running");
            results.put((statistic ? "running1/" : "grad/") + name, statistic ? graph.paramTable().get(key).sub(mean) : mean);
        });
        return results;
    }

    @Test
    void nothingOfTheReferenceIsLeftOut() {
        Set<String> expected = FIXTURE.names("f64/").stream().map(name -> name.substring("f64/".length()))
                .filter(name -> !name.startsWith("sgd3")).collect(Collectors.toSet());
        assertEquals(expected, results(WorkspaceMode.NONE, Precision.FP32).keySet());
    }

    /** In double the whole of training is judged: gradients, decay rule, momentum, rates and statistics, over three steps. */
    @ParameterizedTest
    @CsvSource({"sgd3, ALL", "sgd3a, WEIGHTS_ONLY"})
    void threeStepsOfTrainingInDoubleAgreeWithTheReference(String reference, DecayRule rule) {
        ComputationGraph graph = graph(rule, WorkspaceMode.ENABLED, DataType.DOUBLE, Precision.FP32);
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
        ComputationGraph exact = graph(rule, WorkspaceMode.ENABLED, DataType.DOUBLE, Precision.FP32);
        exact.fit(new DataSet(FIXTURE.tensor("in/x"), labels().castTo(DataType.DOUBLE)));
        ComputationGraph graph = graph(rule, WorkspaceMode.ENABLED, DataType.FLOAT, Precision.FP32);
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

    private static ComputationGraph graph(DecayRule rule, WorkspaceMode mode, DataType type, Precision precision) {
        ComputationGraphConfiguration configuration = NetworkBuilder.build(SmallSkNet.architecture(), NetworkOptions.of(10, 48)
                .withOptimiser(0.9, new FixedSchedule(0.05)).withWeightDecay(1e-4, rule).withInputGradient(InputGradient.COMPUTED)
                .withPrecision(precision));
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
