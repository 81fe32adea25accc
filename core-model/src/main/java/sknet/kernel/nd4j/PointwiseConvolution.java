package sknet.kernel.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import sknet.kernel.ConvolutionShape;

/** A 1x1 convolution: one batched matrix product over images and groups, after dropping the pixels that a stride skips. */
final class PointwiseConvolution implements DenseConvolution {
    private final ConvolutionShape shape;
    private final Buffers buffers;
    private final GroupedProduct product;
    /** The pixels that the stride keeps, {@code [N, C, H', W']}; null for stride 1. */
    private final INDArray kept;

    PointwiseConvolution(ConvolutionShape shape, DataType type) {
        this.shape = shape;
        buffers = new Buffers(type);
        product = new GroupedProduct(shape, buffers);
        kept = shape.stride() == 1 ? null : buffers.zeros(shape.batch(), shape.inChannels(), shape.outHeight(), shape.outWidth());
    }

    @Override
    public void forward(INDArray input, INDArray weights, INDArray output) {
        if (kept != null) {
            kept.assign(everyStride(input));
        }
        product.forward(weights, kept == null ? input : kept, output);
    }

    @Override
    public void backwardWeights(INDArray input, INDArray outputGradient, INDArray weightGradient) {
        product.backwardWeights(outputGradient, kept == null ? input : kept, weightGradient);
    }

    @Override
    public void backwardData(INDArray outputGradient, INDArray weights, INDArray inputGradient) {
        if (kept == null) {
            product.backwardData(weights, outputGradient, inputGradient);
        } else {
            product.backwardData(weights, outputGradient, kept);
            inputGradient.assign(0);
            everyStride(inputGradient).assign(kept);
        }
    }

    private INDArray everyStride(INDArray map) {
        return map.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(0, shape.stride(), shape.height()),
                NDArrayIndex.interval(0, shape.stride(), shape.width()));
    }

    @Override
    public void close() {
        buffers.close();
    }
}
