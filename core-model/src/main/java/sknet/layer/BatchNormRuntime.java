package sknet.layer;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.Rectifier;

/** Runs a {@link BatchNorm}. */
final class BatchNormRuntime extends KernelLayerRuntime<BatchNorm> {
    private static final long serialVersionUID = 1L;

    private final transient BatchNormUnit unit;

    BatchNormRuntime(NeuralNetConfiguration conf, DataType type, Rectifier rectifier, double momentum) {
        super(conf, type);
        unit = new BatchNormUnit("", rectifier, momentum, kernels);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput(2, 4);
        INDArray output = activations(workspaces, x.dataType(), x.shape());
        unit.forward(training, params, x, output);
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput(2, 4);
        INDArray inputGradient = activationGradient(workspaces, x.dataType(), x.shape());
        unit.backward(params, gradientViews, x, dense(epsilon), inputGradient);
        return new Pair<>(allGradients(), inputGradient);
    }
}
