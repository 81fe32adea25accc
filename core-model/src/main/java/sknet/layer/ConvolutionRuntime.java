package sknet.layer;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;

/** Runs a {@link Convolution}. */
final class ConvolutionRuntime extends KernelLayerRuntime<Convolution> {
    private static final long serialVersionUID = 1L;

    private final transient Shaped<ConvolutionShape, ConvolutionKernel> kernel;

    ConvolutionRuntime(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
        kernel = new Shaped<>(kernels::convolution);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput(4);
        ConvolutionShape shape = layerConf().shape(x.size(0), x.size(2), x.size(3));
        INDArray output = activations(workspaces, x.dataType(), shape.batch(), shape.outChannels(), shape.outHeight(),
                shape.outWidth());
        kernel.of(shape, x.dataType()).forward(x, params.get("weight"), output);
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput(4);
        INDArray gradient = dense(epsilon);
        kernel.last().backwardWeights(x, gradient, gradientViews.get("weight"));
        INDArray inputGradient = null;
        if (layerConf().inputGradient() == InputGradient.COMPUTED) {
            inputGradient = activationGradient(workspaces, x.dataType(), x.shape());
            kernel.last().backwardData(gradient, params.get("weight"), inputGradient);
        }
        return new Pair<>(allGradients(), inputGradient);
    }
}
