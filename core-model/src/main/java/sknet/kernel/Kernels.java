package sknet.kernel;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Makes kernels for one shape and data type each. An implementation that serves only some data types wraps another and hands the
 * rest on to it.
 *
 * <p><b>Layout.</b> Between kernels, activations {@code [N, C, H, W]} are <i>packed</i>: in whatever order of memory the
 * implementation computes fastest, so that nothing is rearranged between one layer and the next. It is a function of the shape and
 * data type alone, always a permutation of the plain order, and equal to it where H = W = 1 and where C is less than
 * {@value #PACKED_CHANNELS}, as for images. Only kernels, and operations that go value by value, may read packed arrays; {@link #plain}
 * is for the rest. Vectors and weights are always plain.
 *
 * <p><b>Types.</b> The type of a kernel is that of its activations; weights, vectors and their gradients are float32 where activations are
 * bfloat16, and so are images and all maps of less than {@value #PACKED_CHANNELS} channels.
 */
public interface Kernels {
    /** Activations may differ from the plain order where they have at least so many channels. */
    int PACKED_CHANNELS = 8;

    /** The type of maps with so many channels in a network whose activations are of a type. */
    static DataType mapType(DataType activations, long channels) {
        return activations == DataType.BFLOAT16 && channels < PACKED_CHANNELS ? DataType.FLOAT : activations;
    }

    /** A convolution. */
    ConvolutionKernel convolution(ConvolutionShape shape, DataType type);

    /**
     * A convolution with a batch norm folded in.
     *
     * @param store   whether an array is added before the rectifier
     * @param epsilon of the batch norm
     */
    FoldedConvolutionKernel foldedConvolution(ConvolutionShape shape, Rectifier rectifier, Store store, double epsilon, DataType type);

    /** A batch norm that adds {@code epsilon} to the variance. */
    BatchNormKernel batchNorm(ChannelShape shape, Rectifier rectifier, double epsilon, DataType type);

    /**
     * All of an SK convolution behind its convolutions, each of the given output.
     *
     * @param rectifiers behind the batch norm of each branch
     * @param epsilon    of the batch norms
     */
    SelectionKernel selection(ChannelShape shape, List<Rectifier> rectifiers, double epsilon, DataType type);

    /** A pooling. */
    PoolingKernel pooling(PoolingShape shape, DataType type);

    /** The end of a residual block, with batch norms that add {@code epsilon} to the variance. */
    ResidualKernel residual(ChannelShape shape, double epsilon, DataType type);

    /** Concatenation, slices and shuffles. */
    GatherKernel gather(GatherShape shape, DataType type);

    /**
     * A weighted sum.
     *
     * @param length values of each addend
     */
    SumKernel sum(long length, List<Double> factors, Rectifier rectifier, DataType type);

    /** A product of maps with gates. */
    GateKernel gate(ChannelShape shape, GateKernel.Extent extent, double offset, DataType type);

    /** Bilinear interpolation. */
    ResizeKernel resize(ResizeShape shape, DataType type);

    /** A pooling over channels. */
    ChannelPoolingKernel channelPooling(ChannelShape shape, DataType type);

    /** A step of SGD. */
    StepKernel step(DataType type);

    /** Sums of gradients that replicas exchange. */
    ExchangeKernel exchange();

    /** A moving average of parameters. */
    AverageKernel average(DataType type);

    /** A copy of packed activations in plain c-order. */
    INDArray plain(INDArray packed);

    /** A copy of plain c-order activations, packed. */
    INDArray packed(INDArray plain);
}
