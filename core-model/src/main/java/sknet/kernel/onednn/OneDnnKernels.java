package sknet.kernel.onednn;

import java.util.List;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.desc;
import org.bytedeco.dnnl.reorder;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
import sknet.kernel.PoolingShape.Method;
import sknet.kernel.Rectifier;
import sknet.kernel.ResidualKernel;
import sknet.kernel.ResizeKernel;
import sknet.kernel.ResizeShape;
import sknet.kernel.SelectionKernel;
import sknet.kernel.StepKernel;
import sknet.kernel.Store;
import sknet.kernel.SumKernel;
import sknet.kernel.vector.VectorKernels;

/**
 * All kernels in float32 and bfloat16 on a CPU: products and windows on oneDNN, what goes value by value in Java's vectors. Other data types
 * come from other kernels.
 */
public final class OneDnnKernels implements Kernels {
    private static final Logger LOG = LoggerFactory.getLogger(OneDnnKernels.class);

    private final Device device = new Device();
    private final VectorKernels vectors = new VectorKernels(device.packing());
    private final Kernels others;

    private OneDnnKernels(Kernels others) {
        this.others = others;
    }

    /**
     * The given kernels, with oneDNN's in place of what it serves where ND4J computes on a CPU that oneDNN's natives are there for.
     *
     * @throws IllegalStateException in a JVM that was started without Java's vectors
     */
    public static Kernels over(Kernels others) {
        if (Nd4j.getExecutioner().type() != ExecutionerType.NATIVE_CPU || !Natives.LOADED) {
            return others;
        }
        VectorKernels.check();
        return new OneDnnKernels(others);
    }

    /** Loads the natives when first asked, which is never on another backend. */
    private static final class Natives {
        private static final boolean LOADED = load();

        private static boolean load() {
            try {
                Loader.load(dnnl.class);
                return true;
            } catch (LinkageError e) {
                LOG.warn("Cannot load oneDNN's natives: training runs on the portable kernels, several times slower", e);
                return false;
            }
        }
    }

    private boolean serves(DataType type) {
        return type == DataType.FLOAT || type == DataType.BFLOAT16 && device.computesInBFloat16();
    }

    @Override
    public ConvolutionKernel convolution(ConvolutionShape shape, DataType type) {
        if (!serves(type)) {
            return others.convolution(shape, type);
        }
        return type == DataType.FLOAT && VectorKernels.serveProduct(shape) ? vectors.product(shape)
                : new OneDnnConvolution(device, shape, Layouts.type(type));
    }

    @Override
    public BatchNormKernel batchNorm(ChannelShape shape, Rectifier rectifier, double epsilon, DataType type) {
        return onVectors(type, shape) ? vectors.batchNorm(shape, rectifier, epsilon, type)
                : others.batchNorm(shape, rectifier, epsilon, type);
    }

    @Override
    public SelectionKernel selection(ChannelShape shape, List<Rectifier> rectifiers, double epsilon, DataType type) {
        return onVectors(type, shape) ? vectors.selection(shape, rectifiers, epsilon, type)
                : others.selection(shape, rectifiers, epsilon, type);
    }

    @Override
    public PoolingKernel pooling(PoolingShape shape, DataType type) {
        if (shape.method() == Method.GLOBAL_AVERAGE && onVectors(type, shape.input())) {
            return vectors.globalAverage(shape.input(), type);
        }
        return shape.method() != Method.GLOBAL_AVERAGE && serves(type) ? new OneDnnPooling(device, shape, Layouts.type(type)) : others.pooling(shape, type);
    }

    /** Whether Java's vectors serve: they run along the channels of packed maps. */
    private boolean onVectors(DataType type, ChannelShape shape) {
        return serves(type) && (shape.channels() >= PACKED_CHANNELS || shape.pixels() == 1);
    }

    @Override
    public FoldedConvolutionKernel foldedConvolution(ConvolutionShape shape, Rectifier rectifier, Store store, double epsilon, DataType type) {
        return serves(type) ? new OneDnnFoldedConvolution(device, shape, rectifier, store, epsilon, Layouts.type(type))
                : others.foldedConvolution(shape, rectifier, store, epsilon, type);
    }

    @Override
    public ResidualKernel residual(ChannelShape shape, double epsilon, DataType type) {
        return onVectors(type, shape) ? vectors.residual(shape, epsilon, type) : others.residual(shape, epsilon, type);
    }

    @Override
    public GatherKernel gather(GatherShape shape, DataType type) {
        return serves(type) ? vectors.gather(shape, type) : others.gather(shape, type);
    }

    @Override
    public SumKernel sum(long length, List<Double> factors, Rectifier rectifier, DataType type) {
        return serves(type) ? vectors.sum(length, factors, rectifier, type) : others.sum(length, factors, rectifier, type);
    }

    @Override
    public GateKernel gate(ChannelShape shape, GateKernel.Extent extent, double offset, DataType type) {
        return onVectors(type, shape) ? vectors.gate(shape, extent, offset, type) : others.gate(shape, extent, offset, type);
    }

    @Override
    public ResizeKernel resize(ResizeShape shape, DataType type) {
        return serves(type) ? vectors.resize(shape, type) : others.resize(shape, type);
    }

    @Override
    public ChannelPoolingKernel channelPooling(ChannelShape shape, DataType type) {
        return serves(type) ? vectors.channelPooling(shape, type) : others.channelPooling(shape, type);
    }

    @Override
    public StepKernel step(DataType type) {
        return type == DataType.FLOAT ? vectors.step() : others.step(type);
    }

    @Override
    public ExchangeKernel exchange() {
        return vectors.exchange();
    }

    @Override
    public AverageKernel average(DataType type) {
        return type == DataType.FLOAT ? vectors.average() : others.average(type);
    }

    @Override
    public INDArray plain(INDArray packed) {
        return serves(packed.dataType()) ? reordered(packed, activations(packed), dense(packed)) : others.plain(packed);
    }

    @Override
    public INDArray packed(INDArray plain) {
        return serves(plain.dataType()) ? reordered(plain, dense(plain), activations(plain)) : others.packed(plain);
    }

    private desc activations(INDArray array) {
        return device.activations(Layouts.type(array.dataType()), array.shape());
    }

    private static desc dense(INDArray array) {
        return Layouts.dense(Layouts.type(array.dataType()), array.shape());
    }

    private INDArray reordered(INDArray array, desc from, desc to) {
        INDArray dense = array.dup('c');
        INDArray result = dense.like();
        return Operation.scoped(() -> {
            memory source = new memory(from, device.engine(), dense.data().addressPointer());
            memory target = new memory(to, device.engine(), result.data().addressPointer());
            new reorder(source, target).execute(device.stream(), source, target);
            return result;
        });
    }
}
