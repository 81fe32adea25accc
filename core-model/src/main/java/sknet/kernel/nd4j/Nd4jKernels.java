package sknet.kernel.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Kernels;
import sknet.kernel.Rectifier;
import sknet.kernel.SelectionKernel;

/** The portable implementation of every kernel. */
public final class Nd4jKernels implements Kernels {

    @Override
    public ConvolutionKernel convolution(ConvolutionShape shape, DataType type) {
        if (shape.kernel() == 1) {
            return new PointwiseConvolution(shape, type);
        }
        return shape.stride() == 1 ? new PlaneConvolution(shape, type) : new StridedConvolution(shape, type);
    }

    @Override
    public BatchNormKernel batchNorm(ChannelShape shape, Rectifier rectifier, double epsilon, DataType type) {
        return new Nd4jBatchNorm(shape, rectifier, epsilon, type);
    }

    @Override
    public SelectionKernel selection(ChannelShape shape, int branches, DataType type) {
        return new Nd4jSelection(shape, branches, type);
    }
}
