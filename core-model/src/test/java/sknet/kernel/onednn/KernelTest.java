package sknet.kernel.onednn;

import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeEach;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.Kernels;
import sknet.kernel.nd4j.Nd4jKernels;
import sknet.kernel.vector.VectorKernels;

/** A comparison of the fast kernels with the portable ones in float64. */
abstract class KernelTest {
    static final Kernels PORTABLE = new Nd4jKernels();

    final Kernels kernels = OneDnnKernels.over(PORTABLE);

    @BeforeEach
    final void drawTheSameNumbers() {
        Nd4j.getRandom().setSeed(1);
    }

    /** What comes of a computation with so many threads. */
    static <T> T withThreads(int threads, Supplier<T> computation) {
        VectorKernels.useThreads(threads);
        try {
            return computation.get();
        } finally {
            VectorKernels.useThreads(1);
        }
    }
}
