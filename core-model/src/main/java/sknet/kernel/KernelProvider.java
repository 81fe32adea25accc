package sknet.kernel;

import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;
import sknet.kernel.nd4j.Nd4jKernels;
import sknet.kernel.onednn.OneDnnKernels;
import sknet.kernel.vector.VectorKernels;

/** Chooses the kernels: the fastest that serve this machine and backend, the portable ones for the rest. */
public final class KernelProvider {
    private KernelProvider() {}

    /** New kernels for one layer. */
    public static Kernels kernels() {
        return new RecordedKernels(OneDnnKernels.over(new Nd4jKernels()));
    }

    /** From now on whatever the calling thread computes takes so many threads of the processor, itself included. */
    public static void useThreads(int threads) {
        // ND4J's backend must be there before its native operations are asked for.
        Nd4j.getBackend();
        NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(threads);
        // A helper of OpenBLAS looks out for more work for 20 ms after each product, on a processor that the kernels need.
        Nd4j.factory().blas().setMaxThreads(1);
        VectorKernels.useThreads(threads);
    }

    /**
     * From now on the calling thread computes on this GPU. Without CUDA there is none to choose, whatever its address.
     *
     * @param address the number of the device
     */
    public static void useGpu(String address) {
        if (!Nd4j.getEnvironment().isCPU()) {
            AffinityManager devices = Nd4j.getAffinityManager();
            new Gpus(devices.getNumberOfDevices(), devices::unsafeSetDevice).use(address);
        }
    }
}
