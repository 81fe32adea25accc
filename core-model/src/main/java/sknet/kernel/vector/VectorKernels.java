package sknet.kernel.vector;

import org.nd4j.linalg.api.buffer.DataType;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.PoolingKernel;
import sknet.kernel.Rectifier;
import sknet.kernel.SelectionKernel;
import sknet.kernel.StepKernel;
import sknet.kernel.SumKernel;

/** Makes the kernels of this package, for maps of float32 or bfloat16 that lie as {@code [N, H, W, C]}; their vectors are float32. */
public final class VectorKernels {
    private static final String MODULE = "jdk.incubator.vector";

    private VectorKernels() {}

    /** @throws IllegalStateException in a JVM that was started without Java's vectors */
    public static void check() {
        if (ModuleLayer.boot().findModule(MODULE).isEmpty()) {
            throw new IllegalStateException("Cannot compute in this JVM: it runs without the module " + MODULE + " (expected Java 17 with "
                    + "--add-modules=" + MODULE + ", in spark.executor.extraJavaOptions for Spark's executors)");
        }
    }

    /** From now on the calling thread's kernels use so many threads, itself included. */
    public static void useThreads(int threads) {
        Team.use(threads);
    }

    /** A batch norm. */
    public static BatchNormKernel batchNorm(ChannelShape shape, Rectifier rectifier, double epsilon, DataType type) {
        return new VectorBatchNorm(shape, rectifier, epsilon, type);
    }

    /** Split's norms, Fuse and Select. */
    public static SelectionKernel selection(ChannelShape shape, int branches, Rectifier rectifier, double epsilon, DataType type) {
        return new VectorSelection(shape, branches, rectifier, epsilon, type);
    }

    /** The mean of every map. */
    public static PoolingKernel globalAverage(ChannelShape shape, DataType type) {
        return new VectorGlobalAverage(shape, type);
    }

    /** A sum of two arrays. */
    public static SumKernel sum(long length, Rectifier rectifier, DataType type) {
        return new VectorSum(length, rectifier, type);
    }

    /** A step of SGD on float32. */
    public static StepKernel step() {
        return new VectorStep();
    }
}
