package sknet.layer;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.KernelProvider;
import sknet.kernel.Rectifier;
import sknet.kernel.SumKernel;

/** Runs a {@link ResidualSum}. */
final class ResidualSumRuntime extends BaseGraphVertex {
    private static final long serialVersionUID = 1L;

    private final transient Shaped<Long, SumKernel> kernel = new Shaped<>((length, type) -> KernelProvider.kernels().sum(length, Rectifier.RELU, type));
    private transient INDArray output;

    ResidualSumRuntime(ComputationGraph graph, String name, int index, DataType type) {
        super(graph, name, index, null, null, type);
    }

    @Override
    public boolean hasLayer() {
        return false;
    }

    @Override
    public Layer getLayer() {
        return null;
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        DataType activations = inputs[0].dataType();
        output = workspaces.createUninitialized(ArrayType.ACTIVATIONS, activations, inputs[0].shape(), 'c');
        kernel.of(output.length(), activations).forward(inputs[0], inputs[1], output);
        return output;
    }

    /**
     * The same array for both inputs. DL4J adds the gradients of an input's other readers into it in place: those of the shortcut's source,
     * which come by way of the residual branch, so after that branch has read it.
     */
    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
        INDArray gradient = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, output.dataType(), output.shape(), 'c');
        kernel.last().backward(output, epsilon, gradient);
        return new Pair<>(null, new INDArray[] {gradient, gradient});
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray gradients) {
        if (gradients != null) {
            throw new IllegalArgumentException("Cannot set gradients of a residual sum: it has no parameters");
        }
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] masks, MaskState state, int minibatchSize) {
        return new Pair<>(null, state);
    }

    @Override
    public void clear() {
        super.clear();
        output = null;
    }

    @Override
    public String toString() {
        return "ResidualSum(" + vertexName + ")";
    }
}
