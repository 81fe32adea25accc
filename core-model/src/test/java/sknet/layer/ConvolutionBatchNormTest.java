package sknet.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static sknet.fixture.Parity.assertParity;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.Rectifier;

class ConvolutionBatchNormTest {
    private static final int CHANNELS = 3;

    @Test
    void summedOverMicroBatchesTheStatisticsBecomeTheirWeightedAverage() {
        ComputationGraph graph = graph(Rectifier.NONE, 4);
        graph.getParam("layer_conv.weight").assign(Nd4j.eye(CHANNELS).reshape('c', CHANNELS, CHANNELS, 1, 1));
        graph.initGradientsView();
        INDArray small = Nd4j.randn(DataType.DOUBLE, 2, CHANNELS, 4, 4).addi(1);
        INDArray large = Nd4j.randn(DataType.DOUBLE, 6, CHANNELS, 4, 4).muli(3);

        INDArray sum = gradient(graph, small).add(gradient(graph, large));
        graph.params().subi(sum.div(small.size(0) + large.size(0)).reshape(graph.params().shape()));

        INDArray mean = small.mean(0, 2, 3).mul(2).add(large.mean(0, 2, 3).mul(6)).div(8);
        assertParity(mean.mul(0.1), graph.getParam("layer_bn.mean"), 1e-12, "mean");
        INDArray variance = small.var(true, 0, 2, 3).mul(2).add(large.var(true, 0, 2, 3).mul(6)).div(8);
        assertParity(variance.mul(0.1).add(0.9), graph.getParam("layer_bn.variance"), 1e-12, "variance");
    }

    private static INDArray gradient(ComputationGraph graph, INDArray x) {
        graph.feedForward(new INDArray[] {x}, true, false);
        graph.getLayer("layer").backpropGradient(x.like(), LayerWorkspaceMgr.noWorkspaces());
        return graph.getFlattenedGradients().dup();
    }

    @Test
    void anInputThatIsAViewGivesTheSameAsItsCopy() {
        ComputationGraph graph = graph(Rectifier.RELU, 4);
        INDArray view = Nd4j.randn(DataType.DOUBLE, 4, 4, 5, CHANNELS).permute(2, 3, 0, 1);
        assertEquals(output(graph, view.dup('c')), output(graph, view));
    }

    @Test
    void oneValuePerChannelIsAnErrorThatAsksForMore() {
        ComputationGraph graph = graph(Rectifier.NONE, 1);
        assertEquals("Cannot train a batch norm: 1 value per channel (expected at least 2: a larger micro-batch)",
                assertThrows(IllegalStateException.class, () -> output(graph, Nd4j.ones(DataType.DOUBLE, 1, CHANNELS, 1, 1)))
                        .getMessage());
    }

    @Test
    void otherChannelsThanConfiguredAreAnErrorThatNamesTheLayer() {
        ComputationGraph graph = graph(Rectifier.NONE, 4);
        assertEquals("Cannot run layer layer: input [2, 5, 4, 4] (expected maps with 3 channels in dimension 1)",
                assertThrows(IllegalArgumentException.class, () -> output(graph, Nd4j.ones(DataType.DOUBLE, 2, 5, 4, 4))).getMessage());
    }

    private static ComputationGraph graph(Rectifier rectifier, int size) {
        return SingleLayer.graph(new ConvolutionBatchNorm(CHANNELS, CHANNELS, ConvolutionSpec.ofKernel(1), rectifier, 0.1), CHANNELS, size,
                DataType.DOUBLE);
    }

    private static INDArray output(ComputationGraph graph, INDArray x) {
        return graph.feedForward(new INDArray[] {x}, true, false).get("layer").dup();
    }
}
