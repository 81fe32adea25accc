package sknet.kernel.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.Kernel;

/** A convolution that overwrites its outputs: {@link sknet.kernel.ConvolutionKernel} tells what the methods do. */
interface DenseConvolution extends Kernel {
    void forward(INDArray input, INDArray weights, INDArray output);

    void backwardWeights(INDArray input, INDArray outputGradient, INDArray weightGradient);

    void backwardData(INDArray outputGradient, INDArray weights, INDArray inputGradient);
}
