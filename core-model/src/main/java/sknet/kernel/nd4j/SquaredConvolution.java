package sknet.kernel.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import sknet.kernel.ConvolutionShape;

/** A convolution with a kernel such as 1x7, as one whose kernel is square and zero but for some rows or columns: simple, and as slow as the square. */
final class SquaredConvolution implements DenseConvolution {
    private final DenseConvolution convolution;
    private final Buffers buffers;
    private final INDArray squared;
    private final INDArray taps;

    /** @throws IllegalArgumentException if more is padded on one side than the kernel's longer side asks for on the other */
    SquaredConvolution(ConvolutionShape shape, DataType type) {
        int side = Math.max(shape.kernelHeight(), shape.kernelWidth());
        int above = (side - shape.kernelHeight()) / 2;
        int before = (side - shape.kernelWidth()) / 2;
        int padding = shape.paddingHeight() + shape.dilation() * above;
        if (padding != shape.paddingWidth() + shape.dilation() * before) {
            throw new IllegalArgumentException("Cannot convolve " + shape + " with the portable kernels (expected padding in proportion to the kernel)");
        }
        convolution = Nd4jConvolution.square(new ConvolutionShape(shape.batch(), shape.inChannels(), shape.height(), shape.width(),
                shape.outChannels(), side, shape.stride(), shape.dilation(), padding, shape.groups()), type);
        buffers = new Buffers(type);
        squared = buffers.zeros(shape.outChannels(), shape.groupInChannels(), side, side);
        taps = squared.get(NDArrayIndex.all(), NDArrayIndex.all(), from(above, shape.kernelHeight()), from(before, shape.kernelWidth()));
    }

    private static INDArrayIndex from(int start, int length) {
        return NDArrayIndex.interval(start, start + length);
    }

    @Override
    public void forward(INDArray input, INDArray weights, INDArray output) {
        expand(weights);
        convolution.forward(input, squared, output);
    }

    @Override
    public void backwardWeights(INDArray input, INDArray outputGradient, INDArray weightGradient) {
        convolution.backwardWeights(input, outputGradient, squared);
        weightGradient.assign(taps.reshape(weightGradient.shape()));
    }

    @Override
    public void backwardData(INDArray outputGradient, INDArray weights, INDArray inputGradient) {
        expand(weights);
        convolution.backwardData(outputGradient, squared, inputGradient);
    }

    /** The gradient, too, was written to the square. */
    private void expand(INDArray weights) {
        squared.assign(0);
        taps.assign(weights.reshape(taps.shape()));
    }

    @Override
    public void close() {
        convolution.close();
        buffers.close();
    }
}
