package sknet.layer;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Kernels;

/** A convolution inside a layer: it has the kernel of the present shape, remade only when the shape changes. */
final class ConvolutionUnit {
    private final Kernels kernels;
    private final DataType type;
    private ConvolutionShape shape;
    private ConvolutionKernel kernel;

    ConvolutionUnit(Kernels kernels, DataType type) {
        this.kernels = kernels;
        this.type = type;
    }

    void forward(ConvolutionShape newShape, INDArray input, INDArray weights, INDArray output) {
        if (!newShape.equals(shape)) {
            if (kernel != null) {
                kernel.close();
            }
            kernel = kernels.convolution(newShape, type);
            shape = newShape;
        }
        kernel.forward(input, weights, output);
    }

    void backwardWeights(INDArray input, INDArray outputGradient, INDArray weightGradient) {
        kernel.backwardWeights(input, outputGradient, weightGradient);
    }

    void backwardData(INDArray outputGradient, INDArray weights, INDArray inputGradient) {
        kernel.backwardData(outputGradient, weights, inputGradient);
    }
}
