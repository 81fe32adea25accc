package sknet.kernel.onednn;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner.ExecutionerType;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Kernels;
import sknet.kernel.Rectifier;
import sknet.kernel.SelectionKernel;

/** Convolutions and batch norms in float on oneDNN; everything else comes from other kernels. */
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
        return others.selection(shape, branches, type);
    }
}
