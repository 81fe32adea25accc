package sknet.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AttentionTest {

    @Test
    void theAttentionHasOneWeightPerImageBranchAndChannelAndSumsToOne() {
        ComputationGraph graph = SingleLayer.graph(new SelectiveKernelConvolution(4, 6, List.of(ConvolutionSpec.ofKernel(3),
                ConvolutionSpec.ofKernel(3).withDilation(2), ConvolutionSpec.ofKernel(1)), 5, 0.1), 4, 7, DataType.DOUBLE);
        graph.outputSingle(false, Nd4j.randn(DataType.DOUBLE, 2, 4, 7, 7));
        INDArray attention = ((AttentionSource) graph.getLayer("layer")).attention();
        assertArrayEquals(new long[] {2, 3, 6}, attention.shape());
        assertTrue(attention.sum(1).sub(1).amaxNumber().doubleValue() < 1e-12, "sums " + attention.sum(1));
        assertTrue(attention.sub(1.0 / 3).amaxNumber().doubleValue() > 1e-3, "attention is uniform");
    }

    @Test
    void branchesOfDifferentStridesAreAnError() {
        String message = assertThrows(IllegalArgumentException.class, () -> new SelectiveKernelConvolution(4, 6,
                List.of(ConvolutionSpec.ofKernel(3), ConvolutionSpec.ofKernel(3).withStride(2)), 5, 0.1)).getMessage();
        assertTrue(message.endsWith("(expected at least one, all of the same stride)"), message);
    }

    @Test
    void anEvenKernelIsAnError() {
        assertEquals("Cannot specify a convolution: kernel 4, stride 1, dilation 1, groups 1 "
                        + "(expected an odd kernel and positive numbers)",
                assertThrows(IllegalArgumentException.class, () -> ConvolutionSpec.ofKernel(4)).getMessage());
    }
}
