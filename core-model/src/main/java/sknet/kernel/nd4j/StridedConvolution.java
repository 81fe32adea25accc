package sknet.kernel.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ConvolutionShape;

/**
 * A convolution with a stride: columns of all taps, at the kept positions only, copied by one assignment from an overlapping
 * view.
 */
final class StridedConvolution implements DenseConvolution {
    private final ConvolutionShape shape;
    private final Buffers buffers;
    private final GroupedProduct product;
    private final INDArray inputMaps;
    private final INDArray taps;
    private final INDArray columns;
    private final DataGradient dataGradient;

    StridedConvolution(ConvolutionShape shape, DataType type) {
        this.shape = shape;
        buffers = new Buffers(type);
        PlaneGeometry geometry = PlaneGeometry.of(shape);
        // All channels of one image side by side, as if they were channels of a single image: the order of the batched product.
        Planes input = new Planes(geometry, 1, shape.batch() * shape.inChannels(), buffers);
        inputMaps = input.maps(shape.height(), shape.width(), 1);
        taps = input.taps(shape.kernelHeight(), shape.dilation(), shape.paddingHeight(), shape.stride(), shape.outHeight(), shape.outWidth());
        columns = buffers.zeros(taps.shape());
        product = new GroupedProduct(shape, buffers);
        dataGradient = new DataGradient(shape, geometry, buffers);
    }

    @Override
    public void forward(INDArray input, INDArray weights, INDArray output) {
        inputMaps.assign(input.reshape('c', inputMaps.shape()));
        columns.assign(taps);
        product.forward(weights, columns, output);
    }

    @Override
    public void backwardWeights(INDArray input, INDArray outputGradient, INDArray weightGradient) {
        product.backwardWeights(outputGradient, columns, weightGradient);
    }

    @Override
    public void backwardData(INDArray outputGradient, INDArray weights, INDArray inputGradient) {
        dataGradient.assign(outputGradient);
        dataGradient.run(weights.reshape('c', shape.groups(), shape.groupOutChannels(), shape.groupInChannels(), shape.kernelHeight(),
                shape.kernelHeight()), inputGradient);
    }

    @Override
    public void close() {
        buffers.close();
    }
}
