package sknet.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static sknet.fixture.Parity.assertParity;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.KernelProvider;
import sknet.kernel.Kernels;
import sknet.kernel.Rectifier;

class BottleneckTest {
    private static final Kernels KERNELS = KernelProvider.kernels();

    /** What {@link GradientCheckTest} finds right in double, the fast kernels must find too. */
    @ParameterizedTest
    @CsvSource({"32, 32, 16, 7", "32, 48, 16, 7", "24, 24, 12, 7", "24, 40, 20, 7", "32, 32, 16, 1", "32, 48, 16, 1", "24, 24, 12, 1"})
    void aBlockInFloatAgreesWithTheSameInDouble(int inChannels, int outChannels, int width, int size) {
        Nd4j.getRandom().setSeed(5);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 6, inChannels, size, size);
        INDArray cotangent = Nd4j.randn(DataType.DOUBLE, 6, outChannels, size, size);
        ComputationGraph exact = SingleLayer.graph(block(inChannels, outChannels, width), inChannels, size, DataType.DOUBLE);
        ComputationGraph found = SingleLayer.graph(block(inChannels, outChannels, width), inChannels, size, DataType.FLOAT);
        found.params().assign(exact.params());
        Map<String, INDArray> results = run(found, x, cotangent);
        run(exact, x, cotangent).forEach((name, expected) -> assertParity(expected, results.get(name), 1e-4, name));
    }

    private static Map<String, INDArray> run(ComputationGraph graph, INDArray x, INDArray cotangent) {
        graph.initGradientsView();
        DataType type = graph.params().dataType();
        INDArray input = KERNELS.packed(x.castTo(type));
        Map<String, INDArray> results = new LinkedHashMap<>();
        results.put("evaluated", KERNELS.plain(graph.outputSingle(false, input)));
        results.put("output", KERNELS.plain(graph.feedForward(new INDArray[] {input}, true, false).get("layer")));
        INDArray inputGradient = graph.getLayer("layer").backpropGradient(KERNELS.packed(cotangent.castTo(type)),
                LayerWorkspaceMgr.noWorkspaces()).getSecond();
        results.put("input gradient", KERNELS.plain(inputGradient));
        results.put("gradient", graph.getFlattenedGradients().dup());
        return results;
    }

    private static Bottleneck block(int inChannels, int outChannels, int width) {
        ConvolutionSpec grouped = ConvolutionSpec.ofKernel(3).withGroups(4);
        return new Bottleneck(pointwise(inChannels, width, Rectifier.RELU),
                new SelectiveKernelConvolution(width, width, List.of(grouped, grouped.withDilation(2)), 8, 0.1),
                pointwise(width, outChannels, Rectifier.NONE),
                inChannels == outChannels ? null : pointwise(inChannels, outChannels, Rectifier.NONE));
    }

    private static ConvolutionBatchNorm pointwise(int inChannels, int outChannels, Rectifier rectifier) {
        return new ConvolutionBatchNorm(inChannels, outChannels, ConvolutionSpec.ofKernel(1), rectifier, 0.1);
    }

    @Test
    void aRectifierBeforeTheSumIsAnError() {
        ConvolutionBatchNorm reduce = pointwise(8, 4, Rectifier.RELU);
        ConvolutionBatchNorm middle = pointwise(4, 4, Rectifier.RELU);
        String expected = "Cannot build a bottleneck: a rectifier before the sum (expected none)";
        assertEquals(expected, message(reduce, middle, pointwise(4, 8, Rectifier.RELU), null));
        assertEquals(expected, message(reduce, middle, pointwise(4, 8, Rectifier.NONE), pointwise(8, 8, Rectifier.RELU)));
    }

    @Test
    void otherChannelsOutThanInWithoutAProjectionAreAnError() {
        assertEquals("Cannot build a bottleneck: 8 channels in, 16 out and no projection (expected as many)",
                message(pointwise(8, 4, Rectifier.RELU), pointwise(4, 4, Rectifier.RELU), pointwise(4, 16, Rectifier.NONE), null));
    }

    /** Kernels would read and write beside their arrays. */
    @Test
    void partsWhoseChannelsDoNotFitAreAnError() {
        ConvolutionBatchNorm reduce = pointwise(8, 4, Rectifier.RELU);
        ConvolutionBatchNorm middle = pointwise(4, 4, Rectifier.RELU);
        ConvolutionBatchNorm increase = pointwise(4, 16, Rectifier.NONE);
        ConvolutionBatchNorm projection = pointwise(8, 16, Rectifier.NONE);
        for (String message : List.of(message(reduce, pointwise(6, 4, Rectifier.RELU), increase, projection),
                message(reduce, middle, pointwise(6, 16, Rectifier.NONE), projection),
                message(reduce, middle, increase, pointwise(6, 16, Rectifier.NONE)),
                message(reduce, middle, increase, pointwise(8, 12, Rectifier.NONE)))) {
            assertTrue(message.startsWith("Cannot build a bottleneck: "), message);
        }
    }

    private static String message(ConvolutionBatchNorm reduce, KernelLayer middle, ConvolutionBatchNorm increase,
                                  ConvolutionBatchNorm projection) {
        return assertThrows(IllegalArgumentException.class, () -> new Bottleneck(reduce, middle, increase, projection)).getMessage();
    }
}
