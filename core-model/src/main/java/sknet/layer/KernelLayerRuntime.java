package sknet.layer;

import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.KernelProvider;
import sknet.kernel.Kernels;

/** What the runtimes share: their kernels, dense input, arrays from DL4J's workspaces or beside them. */
abstract class KernelLayerRuntime<C extends KernelLayer> extends BaseLayer<C> {
    private static final long serialVersionUID = 1L;

    final transient Kernels kernels = KernelProvider.kernels();

    KernelLayerRuntime(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
    }

    /** The input, dense and in c-order, after a check of its rank and channels. */
    final INDArray denseInput(int... ranks) {
        assertInputSet(false);
        if (Arrays.stream(ranks).noneMatch(rank -> rank == input.rank()) || input.size(1) != layerConf().getNIn()) {
            throw new IllegalArgumentException("Cannot run layer " + layerConf().getLayerName() + ": input "
                    + Arrays.toString(input.shape()) + " (expected " + layerConf().getNIn() + " channels in dimension 1, rank "
                    + Arrays.toString(ranks) + ")");
        }
        return dense(input);
    }

    /** The array itself if it is c-order without gaps and of the network's type or bfloat16, else a copy that is. */
    final INDArray dense(INDArray array) {
        INDArray typed = array.dataType() == DataType.BFLOAT16 ? array : array.castTo(dataType);
        return typed.ordering() == 'c' && Shape.hasDefaultStridesForShape(typed) ? typed : typed.dup('c');
    }

    static INDArray activations(LayerWorkspaceMgr workspaces, DataType type, long... shape) {
        return workspaces.createUninitialized(ArrayType.ACTIVATIONS, type, shape, 'c');
    }

    static INDArray activationGradient(LayerWorkspaceMgr workspaces, DataType type, long... shape) {
        return workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, type, shape, 'c');
    }

    /** Memory that lives until this call of the backward pass returns. */
    static INDArray workingMemory(LayerWorkspaceMgr workspaces, DataType type, long... shape) {
        return workspaces.createUninitialized(ArrayType.BP_WORKING_MEM, type, shape, 'c');
    }

    /** An array that outlives every workspace: for vectors that this layer keeps. */
    final INDArray kept(long... shape) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return Nd4j.create(dataType, shape);
        }
    }

    /** All gradient views under their names. */
    final Gradient allGradients() {
        Gradient gradients = new DefaultGradient();
        gradientViews.forEach((name, view) -> gradients.setGradientFor(name, view, 'c'));
        return gradients;
    }

    @Override
    public final boolean isPretrainLayer() {
        return false;
    }

    @Override
    public Layer.Type type() {
        return Layer.Type.CONVOLUTIONAL;
    }
}
