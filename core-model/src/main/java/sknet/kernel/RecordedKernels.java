package sknet.kernel;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Other kernels whose calls are {@link KernelCall}s where a recording asks for them; it costs next to nothing where none does. */
record RecordedKernels(Kernels kernels) implements Kernels {

    @Override
    public ConvolutionKernel convolution(ConvolutionShape shape, DataType type) {
        return recorded(ConvolutionKernel.class, kernels.convolution(shape, type), name(shape), shape);
    }

    @Override
    public FoldedConvolutionKernel foldedConvolution(ConvolutionShape shape, Rectifier rectifier, Store store, double epsilon, DataType type) {
        return recorded(FoldedConvolutionKernel.class, kernels.foldedConvolution(shape, rectifier, store, epsilon, type),
                "folded " + name(shape), shape);
    }

    private static String name(ConvolutionShape shape) {
        return (shape.groups() > 1 ? "grouped convolution " : "convolution ") + shape.kernelHeight() + "x" + shape.kernelWidth();
    }

    @Override
    public BatchNormKernel batchNorm(ChannelShape shape, Rectifier rectifier, double epsilon, DataType type) {
        return recorded(BatchNormKernel.class, kernels.batchNorm(shape, rectifier, epsilon, type), "batch norm", shape);
    }

    @Override
    public SelectionKernel selection(ChannelShape shape, List<Rectifier> rectifiers, double epsilon, DataType type) {
        return recorded(SelectionKernel.class, kernels.selection(shape, rectifiers, epsilon, type), "fuse and select", shape);
    }

    @Override
    public PoolingKernel pooling(PoolingShape shape, DataType type) {
        return recorded(PoolingKernel.class, kernels.pooling(shape, type), "pooling", shape);
    }

    @Override
    public ResidualKernel residual(ChannelShape shape, double epsilon, DataType type) {
        return recorded(ResidualKernel.class, kernels.residual(shape, epsilon, type), "residual sum", shape);
    }

    @Override
    public GatherKernel gather(GatherShape shape, DataType type) {
        return recorded(GatherKernel.class, kernels.gather(shape, type), "gather", shape);
    }

    @Override
    public SumKernel sum(long length, List<Double> factors, Rectifier rectifier, DataType type) {
        return recorded(SumKernel.class, kernels.sum(length, factors, rectifier, type), "sum", length);
    }

    @Override
    public GateKernel gate(ChannelShape shape, GateKernel.Extent extent, double offset, DataType type) {
        return recorded(GateKernel.class, kernels.gate(shape, extent, offset, type), "gate", shape);
    }

    @Override
    public ResizeKernel resize(ResizeShape shape, DataType type) {
        return recorded(ResizeKernel.class, kernels.resize(shape, type), "resize", shape);
    }

    @Override
    public ChannelPoolingKernel channelPooling(ChannelShape shape, DataType type) {
        return recorded(ChannelPoolingKernel.class, kernels.channelPooling(shape, type), "channel pooling", shape);
    }

    @Override
    public StepKernel step(DataType type) {
        return recorded(StepKernel.class, kernels.step(type), "step of SGD", "");
    }

    @Override
    public ExchangeKernel exchange() {
        return kernels.exchange();
    }

    @Override
    public AverageKernel average(DataType type) {
        return recorded(AverageKernel.class, kernels.average(type), "moving average", "");
    }

    @Override
    public INDArray plain(INDArray packed) {
        return kernels.plain(packed);
    }

    @Override
    public INDArray packed(INDArray plain) {
        return kernels.packed(plain);
    }

    private static <K> K recorded(Class<K> kind, K kernel, String operation, Object shape) {
        InvocationHandler handler = (proxy, method, arguments) -> {
            KernelCall call = new KernelCall();
            call.begin();
            try {
                return method.invoke(kernel, arguments);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            } finally {
                if (call.shouldCommit()) {
                    call.operation = operation;
                    call.pass = method.getName();
                    call.shape = shape.toString();
                    call.commit();
                }
            }
        };
        return kind.cast(Proxy.newProxyInstance(kind.getClassLoader(), new Class<?>[] {kind}, handler));
    }
}
