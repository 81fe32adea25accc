package sknet.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static sknet.fixture.Parity.assertParity;
import static sknet.fixture.Parity.fixtureName;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.fixture.Fixture;
import sknet.kernel.KernelProvider;
import sknet.kernel.Kernels;
import sknet.kernel.onednn.Processor;

class SelectiveKernelParityTest {
    private static final Kernels KERNELS = KernelProvider.kernels();

    @ParameterizedTest
    @CsvSource({"sk_unit, 64, 8, 3, 2, 6, FLOAT", "sk_unit_1x1, 32, 16, 1, 1, 5, FLOAT", "sk_unit, 64, 8, 3, 2, 6, BFLOAT16",
        "sk_unit_1x1, 32, 16, 1, 1, 5, BFLOAT16"})
    void anSkConvolutionAgreesWithTheReference(String name, int channels, int groups, int secondKernel, int secondDilation, int size,
                                               DataType type) {
        Processor.assumeServed(type);
        Fixture fixture = Fixture.read(name);
        ComputationGraph graph = SingleLayer.graph(new SelectiveKernelConvolution(channels, channels, List.of(
                ConvolutionSpec.ofKernel(3).withGroups(groups),
                ConvolutionSpec.ofKernel(secondKernel).withDilation(secondDilation).withGroups(groups)), 32, 0.1), channels, size,
                DataType.FLOAT);
        graph.paramTable().forEach((key, value) -> value.assign(fixture.floats("init/" + unitName(key)).reshape('c', value.shape())));
        Map<String, INDArray> results = results(graph, fixture, type);
        // Behind the fused batch norm comes its ReLU in the same kernel: act/bn never exists. The loss is a sum of products with out.
        Set<String> expected = fixture.names("f64/").stream().map(tensor -> tensor.substring("f64/".length()))
                .filter(tensor -> !Set.of("act/bn", "loss").contains(tensor)).collect(Collectors.toSet());
        assertEquals(expected, results.keySet());
        results.forEach((result, value) -> assertParity(fixture.tensor("f64/" + result), value, tolerance(result, type),
                name + " " + result));
    }

    /**
     * Rounding the fixture's input alone moves values to the other side of a rectifier's zero and exact gradients by up to 18 %, so that
     * {@link BFloat16Test} judges gradients in bfloat16.
     */
    private static double tolerance(String result, DataType type) {
        if (type == DataType.FLOAT) {
            return 1e-4;
        }
        return result.startsWith("grad/") ? 0.2 : 2e-2;
    }

    /** By the fixture's names. */
    private static Map<String, INDArray> results(ComputationGraph graph, Fixture fixture, DataType type) {
        graph.initGradientsView();
        Layer layer = graph.getLayer("layer");
        INDArray x = KERNELS.packed(fixture.tensor("in/x").castTo(type));
        layer.setInput(x, LayerWorkspaceMgr.noWorkspaces());
        Map<String, INDArray> results = new LinkedHashMap<>();
        results.put("eval_out", KERNELS.plain(layer.activate(false, LayerWorkspaceMgr.noWorkspaces())));
        INDArray output = layer.activate(true, LayerWorkspaceMgr.noWorkspaces());
        assertEquals(type, output.dataType());
        results.put("out", KERNELS.plain(output));
        // The backward pass writes over what the forward pass kept.
        KeptActivations.of(layer).forEach((name, activation) -> results.put("act/" + name, activation.dup()));
        var backward = layer.backpropGradient(KERNELS.packed(fixture.tensor("in/cotangent").castTo(type)),
                LayerWorkspaceMgr.noWorkspaces());
        backward.getFirst().gradientForVariable().forEach((key, gradient) -> {
            String name = unitName("layer_" + key);
            boolean statistic = name.contains("running");
            results.put((statistic ? "running1/" : "grad/") + name,
                    statistic ? graph.getParam("layer_" + key).sub(gradient.div(x.size(0))) : gradient);
        });
        results.put("grad/x", KERNELS.plain(backward.getSecond()));
        return results;
    }

    private static String unitName(String parameter) {
        return fixtureName(parameter).substring("layer.".length());
    }
}
