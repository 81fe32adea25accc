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
    /**
     * The activations of the last training pass: they live in DL4J's workspace until the backward pass, which reads the ReLU off
     * them.
     */
    private transient INDArray output;

    BatchNormRuntime(NeuralNetConfiguration conf, DataType type, Rectifier rectifier, double momentum) {
        super(conf, type);
        unit = new BatchNormUnit("", rectifier, momentum, kernels, type);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput(2, 4);
        output = activations(workspaces, x.shape());
        if (training) {
            unit.train(params, x, output);
        } else {
            unit.infer(params, x, output);
        }
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray inputGradient = activationGradient(workspaces, output.shape());
        unit.backward(params, gradientViews, denseInput(2, 4), output, dense(epsilon), inputGradient);
        return new Pair<>(allGradients(), inputGradient);
    }

    @Override
    public void clear() {
        super.clear();
        output = null;
    }
}
