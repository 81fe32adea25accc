package sknet.kernel;

import org.nd4j.linalg.api.buffer.DataType;

/**
 * Makes kernels for one shape and data type each. An implementation that serves only some operations or data types wraps another
 * and hands the rest on to it.
 */
public interface Kernels {

    /** A convolution. */
    ConvolutionKernel convolution(ConvolutionShape shape, DataType type);

    /** A batch norm that adds {@code epsilon} to the variance. */
    BatchNormKernel batchNorm(ChannelShape shape, Rectifier rectifier, double epsilon, DataType type);

    /** Fuse and Select over {@code branches} branches of the given shape. */
    SelectionKernel selection(ChannelShape shape, int branches, DataType type);
}
