package sknet.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static sknet.fixture.Parity.assertParity;
import static sknet.fixture.Parity.fixtureName;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.fixture.Fixture;
import sknet.kernel.KernelProvider;
import sknet.kernel.Kernels;

class SelectiveKernelParityTest {
    private static final Kernels KERNELS = KernelProvider.kernels();

    @ParameterizedTest
    @CsvSource({"sk_unit, 64, 8, 3, 2, 6", "sk_unit_1x1, 32, 16, 1, 1, 5"})
    void anSkConvolutionAgreesWithTheReference(String name, int channels, int groups, int secondKernel, int secondDilation,
            int size) {
        Fixture fixture = Fixture.read(name);
        ComputationGraph graph = SingleLayer.graph(new SelectiveKernelConvolution(channels, channels, List.of(
                ConvolutionSpec.ofKernel(3).withGroups(groups),
                ConvolutionSpec.ofKernel(secondKernel).withDilation(secondDilation).withGroups(groups)), 32, 0.1), channels, size,
                DataType.FLOAT);
        Map<String, INDArray> parameters = graph.paramTable();
        parameters.forEach((key, value) -> value.assign(fixture.floats("init/" + unitName(key)).reshape('c', value.shape())));
        graph.initGradientsView();
        INDArray x = fixture.floats("in/x");
        INDArray packed = KERNELS.packed(x);

        assertParity(fixture.tensor("f64/eval_out"), plain(graph.outputSingle(false, packed)), 1e-4, name + " eval_out");

        INDArray output = plain(graph.feedForward(new INDArray[] {packed}, true, false).get("layer"));
        assertParity(fixture.tensor("f64/out"), output, 1e-4, name + " out");
        INDArray cotangent = fixture.floats("in/cotangent");
        assertEquals(fixture.tensor("f64/loss").getDouble(0), output.mul(cotangent).sumNumber().doubleValue(), 1e-3);
        compareActivations(fixture, (SelectiveKernelRuntime) graph.getLayer("layer"), name);

        var backward = graph.getLayer("layer").backpropGradient(KERNELS.packed(cotangent), LayerWorkspaceMgr.noWorkspaces());
        Map<String, INDArray> gradients = new LinkedHashMap<>();
        backward.getFirst().gradientForVariable().forEach((key, gradient) -> gradients.put("layer_" + key, gradient));
        assertEquals(parameters.keySet(), gradients.keySet());
        gradients.forEach((key, gradient) -> {
            String reference = unitName(key);
            if (reference.contains("running")) {
                INDArray moved = parameters.get(key).sub(gradient.div(x.size(0)));
                assertParity(fixture.tensor("f64/running1/" + reference), moved, 1e-4, name + " " + reference);
            } else {
                assertParity(fixture.tensor("f64/grad/" + reference), gradient, 1e-4, name + " gradient of " + reference);
            }
        });
        assertParity(fixture.tensor("f64/grad/x"), plain(backward.getSecond()), 1e-4, name + " gradient of x");
    }

    private static void compareActivations(Fixture fixture, SelectiveKernelRuntime layer, String name) {
        Map<String, INDArray> activations = layer.activationsKept();
        for (String reached : fixture.names("f64/act/")) {
            String activation = reached.substring("f64/act/".length());
            // Behind the fused batch norm comes its ReLU in the same kernel: act/bn never exists.
            if (!activation.equals("bn")) {
                assertParity(fixture.tensor(reached), activations.get(activation), 1e-4, name + " " + activation);
            }
        }
    }

    private static INDArray plain(INDArray packed) {
        return KERNELS.plain(packed);
    }

    private static String unitName(String parameter) {
        return fixtureName(parameter).substring("layer.".length());
    }
}
