package sknet.kernel.onednn;

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
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Kernels;
import sknet.kernel.PoolingKernel;
import sknet.kernel.PoolingShape;
import sknet.kernel.Rectifier;
import sknet.kernel.ResidualKernel;
import sknet.kernel.SelectionKernel;

/** All kernels in float on oneDNN; other data types come from other kernels. Packed activations hold a vector of channels beside each other. */
public final class OneDnnKernels implements Kernels {
    private static final Logger LOG = LoggerFactory.getLogger(OneDnnKernels.class);

    private final Device device = new Device();
    private final Kernels others;

    private OneDnnKernels(Kernels others) {
        this.others = others;
    }

    /** The given kernels, with oneDNN's in place of what it serves where ND4J computes on a CPU that oneDNN's natives are there for. */
    public static Kernels over(Kernels others) {
        return Nd4j.getExecutioner().type() == ExecutionerType.NATIVE_CPU && Natives.LOADED ? new OneDnnKernels(others) : others;
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

    @Override
    public ConvolutionKernel convolution(ConvolutionShape shape, DataType type) {
        return type == DataType.FLOAT ? new OneDnnConvolution(device, shape) : others.convolution(shape, type);
    }

    @Override
    public BatchNormKernel batchNorm(ChannelShape shape, Rectifier rectifier, double epsilon, DataType type) {
        return type == DataType.FLOAT ? new OneDnnBatchNorm(device, shape, rectifier, epsilon)
                : others.batchNorm(shape, rectifier, epsilon, type);
    }

    @Override
    public SelectionKernel selection(ChannelShape shape, int branches, DataType type) {
        return type == DataType.FLOAT ? new OneDnnSelection(device, shape, branches) : others.selection(shape, branches, type);
    }

    @Override
    public PoolingKernel pooling(PoolingShape shape, DataType type) {
        return type == DataType.FLOAT ? new OneDnnPooling(device, shape) : others.pooling(shape, type);
    }

    @Override
    public ResidualKernel residual(long length, DataType type) {
        return type == DataType.FLOAT ? new OneDnnResidual(device, length) : others.residual(length, type);
    }

    @Override
    public INDArray plain(INDArray packed) {
        return packed.dataType() == DataType.FLOAT ? reordered(packed, device.activations(packed.shape()), Layouts.dense(packed.shape()))
                : others.plain(packed);
    }

    @Override
    public INDArray packed(INDArray plain) {
        return plain.dataType() == DataType.FLOAT ? reordered(plain, Layouts.dense(plain.shape()), device.activations(plain.shape()))
                : others.packed(plain);
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
