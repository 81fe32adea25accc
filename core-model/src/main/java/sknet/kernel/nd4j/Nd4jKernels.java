package sknet.kernel.nd4j;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.AverageKernel;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelPoolingKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.ExchangeKernel;
import sknet.kernel.FoldedConvolutionKernel;
import sknet.kernel.GateKernel;
import sknet.kernel.GatherKernel;
import sknet.kernel.GatherShape;
import sknet.kernel.Kernels;
import sknet.kernel.PoolingKernel;
import sknet.kernel.PoolingShape;
import sknet.kernel.Rectifier;
import sknet.kernel.ResidualKernel;
import sknet.kernel.ResizeKernel;
import sknet.kernel.ResizeShape;
import sknet.kernel.SelectionKernel;
import sknet.kernel.StepKernel;
import sknet.kernel.Store;
import sknet.kernel.SumKernel;

/** The portable implementation of every kernel, in float32 and float64; packed is plain. */
public final class Nd4jKernels implements Kernels {

    /** ND4J's operations on bfloat16 round after each of them, sums included. */
    private static void checkType(DataType type) {
        if (type != DataType.FLOAT && type != DataType.DOUBLE) {
            throw new IllegalArgumentException("Cannot compute on " + type + " with the portable kernels (expected float32: model.precision = fp32)");
        }
    }

    @Override
    public ConvolutionKernel convolution(ConvolutionShape shape, DataType type) {
        checkType(type);
        return new Nd4jConvolution(shape, type);
    }

    @Override
    public FoldedConvolutionKernel foldedConvolution(ConvolutionShape shape, Rectifier rectifier, Store store, double epsilon, DataType type) {
        checkType(type);
        return new Nd4jFoldedConvolution(shape, rectifier, epsilon, type);
    }

    @Override
    public BatchNormKernel batchNorm(ChannelShape shape, Rectifier rectifier, double epsilon, DataType type) {
        checkType(type);
        return new Nd4jBatchNorm(shape, rectifier, epsilon, type);
    }

    @Override
    public SelectionKernel selection(ChannelShape shape, List<Rectifier> rectifiers, double epsilon, DataType type) {
        checkType(type);
        return new Nd4jSelection(shape, rectifiers, epsilon, type);
    }

    @Override
    public PoolingKernel pooling(PoolingShape shape, DataType type) {
        checkType(type);
        return switch (shape.method()) {
            case MAX, AVERAGE, GLOBAL_MAX -> new Nd4jPooling(shape);
            case GLOBAL_AVERAGE -> new Nd4jGlobalAverage(shape.input(), type);
        };
    }

    @Override
    public ResidualKernel residual(ChannelShape shape, double epsilon, DataType type) {
        checkType(type);
        return new Nd4jResidual(shape, epsilon, type);
    }

    @Override
    public GatherKernel gather(GatherShape shape, DataType type) {
        checkType(type);
        return new Nd4jGather(shape);
    }

    @Override
    public SumKernel sum(long length, List<Double> factors, Rectifier rectifier, DataType type) {
        checkType(type);
        return new Nd4jSum(factors, rectifier);
    }

    @Override
    public GateKernel gate(ChannelShape shape, GateKernel.Extent extent, double offset, DataType type) {
        checkType(type);
        return new Nd4jGate(shape, extent, offset);
    }

    @Override
    public ResizeKernel resize(ResizeShape shape, DataType type) {
        checkType(type);
        return new Nd4jResize(shape, type);
    }

    @Override
    public ChannelPoolingKernel channelPooling(ChannelShape shape, DataType type) {
        checkType(type);
        return new Nd4jChannelPooling(shape);
    }

    @Override
    public StepKernel step(DataType type) {
        return new Nd4jStep();
    }

    @Override
    public ExchangeKernel exchange() {
        return new HostExchange();
    }

    @Override
    public AverageKernel average(DataType type) {
        return new Nd4jAverage();
    }

    @Override
    public INDArray plain(INDArray packed) {
        return packed.dup('c');
    }

    @Override
    public INDArray packed(INDArray plain) {
        return plain.dup('c');
    }
}
