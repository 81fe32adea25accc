package sknet.layer;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ConvolutionShape;

/** Runs a {@link Convolution}. */
final class ConvolutionRuntime extends KernelLayerRuntime<Convolution> {
    private static final long serialVersionUID = 1L;

    private final transient ConvolutionUnit unit;

    ConvolutionRuntime(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
        unit = new ConvolutionUnit(kernels, type);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput(4);
        ConvolutionShape shape = layerConf().shape(x.size(0), x.size(2), x.size(3));
        INDArray output = activations(workspaces, shape.batch(), shape.outChannels(), shape.outHeight(), shape.outWidth());
        unit.forward(shape, x, params.get("weight"), output);
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput(4);
        INDArray gradient = dense(epsilon);
        unit.backwardWeights(x, gradient, gradientViews.get("weight"));
        INDArray inputGradient = null;
        if (layerConf().inputGradient() == InputGradient.COMPUTED) {
            inputGradient = activationGradient(workspaces, x.shape());
            unit.backwardData(gradient, params.get("weight"), inputGradient);
        }
        return new Pair<>(allGradients(), inputGradient);
    }
}
