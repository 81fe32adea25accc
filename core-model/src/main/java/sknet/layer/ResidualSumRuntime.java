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
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.factory.Nd4j;

/** Runs a {@link ResidualSum}. */
final class ResidualSumRuntime extends BaseGraphVertex {
    private static final long serialVersionUID = 1L;

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
        output = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, inputs[0].shape(), 'c');
        inputs[0].addi(inputs[1], output);
        Nd4j.exec(new RectifiedLinear(output, output, 0.0));
        return output;
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
        INDArray first = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, output.shape(), 'c');
        INDArray second = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, output.shape(), 'c');
        Nd4j.exec(new Step(output, second, 0.0));
        epsilon.muli(second, first);
        // Two arrays although they are equal: DL4J adds other gradients into them in place.
        second.assign(first);
        return new Pair<>(null, new INDArray[] {first, second});
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
