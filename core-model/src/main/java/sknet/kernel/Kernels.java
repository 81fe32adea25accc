package sknet.kernel;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Makes kernels for one shape and data type each. An implementation that serves only some data types wraps another and hands the
 * rest on to it.
 *
 * <p><b>Layout.</b> Between kernels, activations {@code [N, C, H, W]} are <i>packed</i>: in whatever order of memory the
 * implementation computes fastest, so that nothing is rearranged between one layer and the next. It is a function of the shape and
 * data type alone, always a permutation of the plain order, and equal to it where H = W = 1 and where C is no multiple of
 * {@value #PACKED_CHANNELS}, as for images. Only kernels, and operations that go value by value, may read packed arrays; {@link #plain}
 * is for the rest. Vectors and weights are always plain.
 */
public interface Kernels {
    /** Activations may differ from the plain order where their channels are a multiple of this. */
    int PACKED_CHANNELS = 16;

    /** A convolution. */
    ConvolutionKernel convolution(ConvolutionShape shape, DataType type);

    /** A batch norm that adds {@code epsilon} to the variance. */
    BatchNormKernel batchNorm(ChannelShape shape, Rectifier rectifier, double epsilon, DataType type);

    /** Fuse and Select over {@code branches} branches of the given shape. */
    SelectionKernel selection(ChannelShape shape, int branches, DataType type);

    /** A pooling. */
    PoolingKernel pooling(PoolingShape shape, DataType type);

    /** The end of a residual block, for arrays of {@code length} values. */
    ResidualKernel residual(long length, DataType type);

    /** A copy of packed activations in plain c-order. */
    INDArray plain(INDArray packed);

    /** A copy of plain c-order activations, packed. */
    INDArray packed(INDArray plain);
}
