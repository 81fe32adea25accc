package sknet.kernel.onednn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.Kernels;
import sknet.kernel.nd4j.Nd4jKernels;

/** Float arrays to run kernels on, and their comparison. */
final class Samples {
    static final Kernels PORTABLE = new Nd4jKernels();
    /** Float32 against float32: a sum of hundreds of values of both signs loses a digit or two on either side. */
    private static final double TOLERANCE = 1e-4;
    private static final double GUARD = 1234.5;

    private Samples() {}

    /** Normally distributed values, as a view that starts in the middle of its buffer. */
    static INDArray random(long... shape) {
        INDArray view = view(shape);
        return view.assign(Nd4j.randn(DataType.FLOAT, shape));
    }

    /** A view between two neighbours that hold a guard value. */
    static INDArray view(long... shape) {
        long[] three = new long[shape.length + 1];
        three[0] = 3;
        System.arraycopy(shape, 0, three, 1, shape.length);
        return Nd4j.create(DataType.FLOAT, three).assign(GUARD).slice(1);
    }

    /** Fails if the values beside a {@link #view} have changed. */
    static void assertNothingWrittenBeside(INDArray view, String what) {
        long length = view.length();
        for (long i = 0; i < length; i++) {
            assertTrue(view.data().originalDataBuffer().getDouble(i) == GUARD, what + ": a value before the view has changed");
            assertTrue(view.data().originalDataBuffer().getDouble(2 * length + i) == GUARD, what + ": a value after the view has changed");
        }
    }

    static void assertSameBits(INDArray expected, INDArray actual, String what) {
        assertArrayEquals(expected.dup().data().asFloat(), actual.dup().data().asFloat(), what);
    }

    /** Asserts equality to 1e-4 of the largest value. */
    static void assertClose(INDArray expected, INDArray actual, String what) {
        assertClose(expected, actual, 1e-3, what);
    }

    /** The same for sums of so many random values, which may cancel out: 0.25 times the root of their number is what is usual. */
    static void assertSumsClose(INDArray expected, INDArray actual, long summands, String what) {
        assertClose(expected, actual, 0.25 * Math.sqrt(summands), what);
    }

    private static void assertClose(INDArray expected, INDArray actual, double atLeast, String what) {
        double largest = Math.max(expected.amaxNumber().doubleValue(), atLeast);
        double error = expected.sub(actual).amaxNumber().doubleValue() / largest;
        // Written so that NaN fails.
        assertTrue(error <= TOLERANCE, String.format(Locale.ROOT, "%s: relative error %.2e", what, error));
    }
}
