package sknet.kernel.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Store;

/** A convolution by whichever way is best for its shape. */
final class Nd4jConvolution implements ConvolutionKernel {
    private final ConvolutionShape shape;
    private final DenseConvolution convolution;
    private final Buffers buffers;
    /** A gradient on its way to a sum. */
    private INDArray part;

    Nd4jConvolution(ConvolutionShape shape, DataType type) {
        this.shape = shape;
        buffers = new Buffers(type);
        convolution = shape.isPointwise() ? new PointwiseConvolution(shape, type)
                : shape.kernelHeight() != shape.kernelWidth() ? new SquaredConvolution(shape, type) : square(shape, type);
    }

    /** With a square kernel larger than 1x1. */
    static DenseConvolution square(ConvolutionShape shape, DataType type) {
        return shape.stride() == 1 ? new PlaneConvolution(shape, type) : new StridedConvolution(shape, type);
    }

    @Override
    public void forward(INDArray input, INDArray weights, INDArray output) {
        convolution.forward(input, weights, output);
    }

    @Override
    public void backwardWeights(INDArray input, INDArray outputGradient, INDArray weightGradient) {
        convolution.backwardWeights(input, outputGradient, weightGradient);
    }

    @Override
    public void backwardData(INDArray outputGradient, INDArray weights, INDArray inputGradient, Store store) {
        if (store == Store.REPLACE) {
            convolution.backwardData(outputGradient, weights, inputGradient);
            return;
        }
        if (part == null) {
            part = buffers.zeros(shape.batch(), shape.inChannels(), shape.height(), shape.width());
        }
        convolution.backwardData(outputGradient, weights, part);
        inputGradient.addi(part);
    }

    @Override
    public void close() {
        convolution.close();
        buffers.close();
    }
}
