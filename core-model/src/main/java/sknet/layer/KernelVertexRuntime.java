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

/** A running {@link KernelVertex}. */
final class KernelVertexRuntime extends BaseGraphVertex {
    private static final long serialVersionUID = 1L;

    private final transient KernelVertex vertex;
    /** Made when first used: whoever only builds a network needs no kernels. */
    private transient VertexUnit unit;
    private transient INDArray output;

    KernelVertexRuntime(ComputationGraph graph, String name, int index, KernelVertex vertex, DataType type) {
        super(graph, name, index, null, null, type);
        this.vertex = vertex;
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        if (unit == null) {
            unit = vertex.unit(KernelProvider.kernels());
        }
        output = unit.forward(inputs, Allocator.of(workspaces, ArrayType.FF_WORKING_MEM), Allocator.of(workspaces, ArrayType.ACTIVATIONS));
        return output;
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        Allocator gradients = Allocator.of(workspaces, ArrayType.ACTIVATION_GRAD);
        INDArray[] inputGradients = new INDArray[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            inputGradients[i] = gradients.array(inputs[i].dataType(), inputs[i].shape());
        }
        unit.backward(inputs, output, epsilon, inputGradients, Allocator.of(workspaces, ArrayType.BP_WORKING_MEM));
        return new Pair<>(null, inputGradients);
    }

    @Override
    public void clear() {
        super.clear();
        output = null;
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
    public void setBackpropGradientsViewArray(INDArray gradients) {
        if (gradients != null) {
            throw new IllegalArgumentException("Cannot take gradients in vertex " + getVertexName() + " (expected none: it has no parameters)");
        }
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] masks, MaskState state, int batch) {
        return null;
    }

    @Override
    public String toString() {
        return getVertexName();
    }
}
