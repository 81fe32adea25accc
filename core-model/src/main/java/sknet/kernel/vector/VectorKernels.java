package sknet.kernel.vector;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import sknet.kernel.AverageKernel;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelPacking;
import sknet.kernel.ChannelPoolingKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.ExchangeKernel;
import sknet.kernel.GateKernel;
import sknet.kernel.GatherKernel;
import sknet.kernel.GatherShape;
import sknet.kernel.PoolingKernel;
import sknet.kernel.Rectifier;
import sknet.kernel.ResidualKernel;
import sknet.kernel.ResizeKernel;
import sknet.kernel.ResizeShape;
import sknet.kernel.SelectionKernel;
import sknet.kernel.StepKernel;
import sknet.kernel.SumKernel;

/**
 * Makes the kernels of this package, for packed maps of float32 or bfloat16; their vectors are float32.
 *
 * @param packing of the maps
 */
public record VectorKernels(ChannelPacking packing) {
    private static final String MODULE = "jdk.incubator.vector";

    /** @throws IllegalStateException in a JVM that was started without Java's vectors */
    public static void check() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            throw new IllegalStateException("Cannot compute in this JVM: it runs without the module " + MODULE + " (expected Java 17 with "
                    + "--add-modules=" + MODULE + ", in spark.executor.extraJavaOptions, and in spark.driver.extraJavaOptions where the driver computes)");
        }
    }

    /** From now on the calling thread's kernels use so many threads, itself included. */
    public static void useThreads(int threads) {
        Team.use(threads);
    }

    /** The values that a vector holds: a packing's blocks are multiples of it. */
    public static int width() {
        return Lanes.WIDTH;
    }

    /** Whether {@link #product} serves a convolution. */
    public static boolean serveProduct(ConvolutionShape shape) {
        return VectorProduct.serves(shape);
    }

    /** A convolution of maps of one pixel, of float32. */
    public ConvolutionKernel product(ConvolutionShape shape) {
        return new VectorProduct(shape);
    }

    /** A batch norm. */
    public BatchNormKernel batchNorm(ChannelShape shape, Rectifier rectifier, double epsilon, DataType type) {
        return new VectorBatchNorm(columns(shape, type), shape.valuesPerChannel(), rectifier, epsilon);
    }

    /** Split's norms, Fuse and Select. */
    public SelectionKernel selection(ChannelShape shape, List<Rectifier> rectifiers, double epsilon, DataType type) {
        return new VectorSelection(shape, columns(shape, type), rectifiers, epsilon);
    }

    /** The mean of every map. */
    public PoolingKernel globalAverage(ChannelShape shape, DataType type) {
        return new VectorGlobalAverage(columns(shape, type));
    }

    private Columns columns(ChannelShape shape, DataType type) {
        return new Columns(shape, packing, Lanes.of(type));
    }

    /** The end of a residual block. */
    public ResidualKernel residual(ChannelShape shape, double epsilon, DataType type) {
        return new VectorResidual(columns(shape, type), shape.valuesPerChannel(), epsilon);
    }

    /** Copies of channels. */
    public GatherKernel gather(GatherShape shape, DataType type) {
        return new VectorGather(shape, packing, type);
    }

    /** A weighted sum. */
    public SumKernel sum(long length, List<Double> factors, Rectifier rectifier, DataType type) {
        return new VectorSum(Math.toIntExact(length), factors, rectifier, Lanes.of(type));
    }

    /** A product of maps with gates. */
    public GateKernel gate(ChannelShape shape, GateKernel.Extent extent, double offset, DataType type) {
        return new VectorGate(shape, columns(shape, type), extent, offset);
    }

    /** Bilinear interpolation. */
    public ResizeKernel resize(ResizeShape shape, DataType type) {
        ChannelShape output = new ChannelShape(shape.input().batch(), shape.input().channels(), shape.outHeight(), shape.outWidth());
        return new VectorResize(shape, PackedMaps.of(shape.input(), packing), PackedMaps.of(output, packing), Lanes.of(type));
    }

    /** The largest and the mean value of channels. */
    public ChannelPoolingKernel channelPooling(ChannelShape shape, DataType type) {
        return new VectorChannelPooling(PackedMaps.of(shape, packing), Lanes.of(type));
    }

    /** Sums of gradients that replicas exchange. */
    public ExchangeKernel exchange() {
        return new VectorExchange();
    }

    /** A step of SGD on float32. */
    public StepKernel step() {
        return new VectorStep();
    }

    /** A moving average of float32. */
    public AverageKernel average() {
        return new VectorAverage();
    }
}
