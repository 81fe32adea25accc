package sknet.layer;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ChannelShape;
import sknet.kernel.PoolingKernel;
import sknet.kernel.PoolingShape;
import sknet.kernel.PoolingShape.Method;

/** Runs a {@link Pooling}. */
final class PoolingRuntime extends KernelLayerRuntime<Pooling> {
    private static final long serialVersionUID = 1L;

    private final transient Shaped<PoolingShape, PoolingKernel> kernel;

    PoolingRuntime(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
        kernel = new Shaped<>(kernels::pooling);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput(4);
        PoolingShape shape = layerConf().shape(ChannelShape.of(x));
        // Whole maps end where the classifier begins, which computes in the network's own type.
        INDArray output = shape.method() == Method.GLOBAL_AVERAGE ? activations(workspaces, dataType, x.size(0), x.size(1))
                : activations(workspaces, x.dataType(), x.size(0), x.size(1), shape.outHeight(), shape.outWidth());
        kernel.of(shape, x.dataType()).forward(x, output);
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput(4);
        INDArray inputGradient = activationGradient(workspaces, x.dataType(), x.shape());
        kernel.last().backward(x, dense(epsilon), inputGradient);
        return new Pair<>(new DefaultGradient(), inputGradient);
    }
}
