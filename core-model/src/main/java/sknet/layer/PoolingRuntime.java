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

    private transient PoolingShape shape;
    private transient PoolingKernel kernel;

    PoolingRuntime(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput(4);
        PoolingShape newShape = layerConf().shape(ChannelShape.of(x));
        if (!newShape.equals(shape)) {
            if (kernel != null) {
                kernel.close();
            }
            kernel = kernels.pooling(newShape, dataType);
            shape = newShape;
        }
        INDArray output = shape.method() == Method.GLOBAL_AVERAGE ? activations(workspaces, x.size(0), x.size(1))
                : activations(workspaces, x.size(0), x.size(1), shape.outHeight(), shape.outWidth());
        kernel.forward(x, output);
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput(4);
        INDArray inputGradient = activationGradient(workspaces, x.shape());
        kernel.backward(x, dense(epsilon), inputGradient);
        return new Pair<>(new DefaultGradient(), inputGradient);
    }
}
