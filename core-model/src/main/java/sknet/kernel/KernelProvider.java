package sknet.kernel;

import sknet.kernel.nd4j.Nd4jKernels;
import sknet.kernel.onednn.OneDnnKernels;

/** Chooses the kernels: the fastest that serve this machine and backend, the portable ones for the rest. */
public final class KernelProvider {
    private KernelProvider() {}

    /** New kernels for one layer. */
    public static Kernels kernels() {
        return OneDnnKernels.over(new Nd4jKernels());
    }
}
