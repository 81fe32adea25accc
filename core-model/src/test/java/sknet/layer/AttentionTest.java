package sknet.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.Rectifier;

class AttentionTest {

    private static final ConvolutionBatchNorm REDUCE = convolution(4, Rectifier.RELU);
    private static final ConvolutionBatchNorm INCREASE = new ConvolutionBatchNorm(6, 4, ConvolutionSpec.ofKernel(1), Rectifier.NONE, 0.1);

    private static ConvolutionBatchNorm convolution(int outChannels, Rectifier rectifier) {
        return new ConvolutionBatchNorm(4, outChannels, ConvolutionSpec.ofKernel(1), rectifier, 0.1);
    }

    private static SelectiveKernelConvolution threeBranches() {
        return new SelectiveKernelConvolution(4, 6, List.of(ConvolutionSpec.ofKernel(3), ConvolutionSpec.ofKernel(3).withDilation(2),
                ConvolutionSpec.ofKernel(1)), 5, 0.1);
    }

    static Stream<Arguments> selectingLayers() {
        return Stream.of(false, true).flatMap(training -> Stream.of(Arguments.of(threeBranches(), training),
                Arguments.of(new Bottleneck(REDUCE, threeBranches(), INCREASE, null), training)));
    }

    @ParameterizedTest
    @MethodSource("selectingLayers")
    void theAttentionHasOneWeightPerImageBranchAndChannelAndSumsToOne(KernelLayer layer, boolean training) {
        ComputationGraph graph = SingleLayer.graph(layer, 4, 7, DataType.DOUBLE);
        graph.feedForward(new INDArray[] {Nd4j.randn(DataType.DOUBLE, 2, 4, 7, 7)}, training, false);
        INDArray attention = ((AttentionSource) graph.getLayer("layer")).attention();
        assertArrayEquals(new long[] {2, 3, 6}, attention.shape());
        assertTrue(attention.sum(1).sub(1).amaxNumber().doubleValue() < 1e-12, "sums " + attention.sum(1));
        assertTrue(attention.sub(1.0 / 3).amaxNumber().doubleValue() > 1e-3, "attention is uniform");
    }

    static Stream<KernelLayer> otherLayers() {
        return Stream.of(convolution(6, Rectifier.RELU), Pooling.globalAverage(4),
                new Bottleneck(REDUCE, convolution(6, Rectifier.RELU), INCREASE, null));
    }

    @ParameterizedTest
    @MethodSource("otherLayers")
    void theAttentionOfALayerThatDoesNotSelectIsAnErrorThatNamesIt(KernelLayer layer) {
        ComputationGraph graph = SingleLayer.graph(layer, 4, 7, DataType.DOUBLE);
        graph.outputSingle(false, Nd4j.randn(DataType.DOUBLE, 2, 4, 7, 7));
        assertEquals("Cannot read the attention of layer layer: it does not select",
                assertThrows(IllegalStateException.class, () -> ((AttentionSource) graph.getLayer("layer")).attention()).getMessage());
    }

    @Test
    void branchesOfDifferentStridesAreAnError() {
        String message = assertThrows(IllegalArgumentException.class, () -> new SelectiveKernelConvolution(4, 6,
                List.of(ConvolutionSpec.ofKernel(3), ConvolutionSpec.ofKernel(3).withStride(2)), 5, 0.1)).getMessage();
        assertTrue(message.endsWith("(expected at least one, all of the same stride)"), message);
    }

    @Test
    void anEvenKernelIsAnError() {
        assertEquals("Cannot specify a convolution: kernel 4x4, stride 1, dilation 1, groups 1 "
                        + "(expected an odd kernel and positive numbers)",
                assertThrows(IllegalArgumentException.class, () -> ConvolutionSpec.ofKernel(4)).getMessage());
    }
}
