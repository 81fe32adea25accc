package sknet.layer;

import java.util.Arrays;
import java.util.Map;
import java.util.function.LongConsumer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.BaseLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import sknet.kernel.KernelProvider;
import sknet.layer.UnitContext.Constancy;

/** A running {@link KernelLayer}: what DL4J asks of a layer, handed on to its unit. */
final class KernelLayerRuntime extends BaseLayer<KernelLayer> implements AttentionSource {
    private static final long serialVersionUID = 1L;
    private static final int MAPS = 4;

    /** Made when first used: whoever only builds a network needs no kernels. */
    private transient LayerUnit unit;
    private Constancy constancy = Constancy.VARIABLE;
    /** Of this layer's parameters in the flattened vector. */
    private long firstParameter;
    private transient LongConsumer readyListener = start -> { };

    KernelLayerRuntime(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
    }

    private LayerUnit unit() {
        if (unit == null) {
            unit = layerConf().unit(KernelProvider.kernels());
        }
        return unit;
    }

    /** Says whether the parameters may change from now on; CONSTANT takes them over anew. */
    void assume(Constancy newConstancy) {
        constancy = newConstancy;
        unit().forgetParameters();
    }

    /** @param start of this layer's parameters in the flattened vector, which the listener gets when their gradient is there */
    void tellReady(long start, LongConsumer listener) {
        firstParameter = start;
        readyListener = listener;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput();
        Allocator outer = Allocator.of(workspaces, ArrayType.ACTIVATIONS);
        if (training) {
            constancy = Constancy.VARIABLE;
            return unit().forward(new UnitContext(params, null, "", outer, Constancy.VARIABLE), x, outer);
        }
        return unit().infer(new UnitContext(params, null, "", Allocator.of(workspaces, ArrayType.FF_WORKING_MEM), constancy), x, outer);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput();
        INDArray inputGradient = layerConf().needsInputGradient()
                ? Allocator.of(workspaces, ArrayType.ACTIVATION_GRAD).array(x.dataType(), x.shape()) : null;
        unit().backward(new UnitContext(params, gradientViews, "", Allocator.of(workspaces, ArrayType.BP_WORKING_MEM), Constancy.VARIABLE), x,
                dense(epsilon), inputGradient);
        Gradient gradients = new DefaultGradient();
        if (gradientViews != null) {
            gradientViews.forEach((name, view) -> gradients.setGradientFor(name, view, 'c'));
        }
        readyListener.accept(firstParameter);
        return new Pair<>(gradients, inputGradient);
    }

    /** The input, dense and in c-order, after a check of its rank and channels. */
    private INDArray denseInput() {
        assertInputSet(false);
        if (input.rank() != MAPS || input.size(1) != layerConf().getNIn()) {
            throw new IllegalArgumentException("Cannot run layer " + layerConf().getLayerName() + ": input "
                    + Arrays.toString(input.shape()) + " (expected maps with " + layerConf().getNIn() + " channels in dimension 1)");
        }
        return dense(input);
    }

    /** The array itself if it is c-order without gaps and of the network's type or bfloat16, else a copy that is. */
    private INDArray dense(INDArray array) {
        INDArray typed = array.dataType() == DataType.BFLOAT16 ? array : array.castTo(dataType);
        return typed.ordering() == 'c' && Shape.hasDefaultStridesForShape(typed) ? typed : typed.dup('c');
    }

    @Override
    public INDArray attention() {
        return unit().attention().orElseThrow(() -> new IllegalStateException("Cannot read the attention of layer "
                + layerConf().getLayerName() + ": it does not select"));
    }

    /** The intermediate results of the last forward pass, by name; only without workspaces, and for comparison with a reference. */
    Map<String, INDArray> kept() {
        return unit().kept();
    }

    @Override
    public void clear() {
        super.clear();
        if (unit != null) {
            unit.clear();
        }
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public Layer.Type type() {
        return Layer.Type.CONVOLUTIONAL;
    }
}
