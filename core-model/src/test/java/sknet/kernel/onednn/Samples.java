package sknet.kernel.onednn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Kernels;

/** Arrays to run kernels on, and the comparison of what comes out. */
final class Samples {
    /** A value of every type. */
    private static final double GUARD = 1280;

    private Samples() {}

    /** Normally distributed values, as a {@link #view}. */
    static INDArray random(DataType type, long... shape) {
        return view(type, shape).assign(Nd4j.randn(DataType.FLOAT, shape).castTo(type));
    }

    /** What a convolution of a type reads: images are float32 whatever that is, here of values that it holds. */
    static INDArray input(ConvolutionShape shape, DataType type) {
        INDArray input = random(type, shape.batch(), shape.inChannels(), shape.height(), shape.width());
        boolean image = shape.inChannels() < Kernels.PACKED_CHANNELS;
        return image ? view(parameterType(type), input.shape()).assign(input.castTo(parameterType(type))) : input;
    }

    /** The type of parameters beside maps of a type. */
    static DataType parameterType(DataType type) {
        return type == DataType.BFLOAT16 ? DataType.FLOAT : type;
    }

    /** A view between two neighbours that hold a guard value. */
    static INDArray view(DataType type, long... shape) {
        long[] three = new long[shape.length + 1];
        three[0] = 3;
        System.arraycopy(shape, 0, three, 1, shape.length);
        return Nd4j.create(type, three).assign(GUARD).slice(1);
    }

    /** A view of the same shape and type. */
    static INDArray viewLike(INDArray array) {
        return view(array.dataType(), array.shape());
    }

    /** The same values in float64. */
    static INDArray exact(INDArray array) {
        return array.dup('c').castTo(DataType.DOUBLE);
    }

    /** Maps as kernels take them, in a {@link #view}; vectors as they are. */
    static INDArray packed(Kernels kernels, INDArray plain) {
        return viewLike(plain).assign(plain.rank() == 4 ? kernels.packed(plain) : plain);
    }

    /** What kernels have written into {@link #view views}, in plain order; fails if they have written beside one too. */
    static Map<String, INDArray> plain(Kernels kernels, Map<String, INDArray> written) {
        Map<String, INDArray> plain = new LinkedHashMap<>();
        written.forEach((name, view) -> {
            assertNothingWrittenBeside(view, name);
            plain.put(name, view.rank() == 4 ? kernels.plain(view) : view.dup('c'));
        });
        return plain;
    }

    /** Fails if the values beside a {@link #view} have changed. */
    static void assertNothingWrittenBeside(INDArray view, String what) {
        DataBuffer whole = view.data().originalDataBuffer();
        long length = view.length();
        long changed = 0;
        for (long i = 0; i < length; i++) {
            changed += whole.getDouble(i) == GUARD && whole.getDouble(2 * length + i) == GUARD ? 0 : 1;
        }
        assertEquals(0, changed, what + ": values beside the view have changed");
    }

    static void assertSameBits(INDArray expected, INDArray actual, String what) {
        assertArrayEquals(expected.dup('c').data().asFloat(), actual.dup('c').data().asFloat(), what);
    }

    static void assertSameBits(Map<String, INDArray> expected, Map<String, INDArray> actual, String what) {
        expected.forEach((name, array) -> assertSameBits(array, actual.get(name), name + " of " + what));
    }

    /** Asserts equality with values in float64, to a share of the largest of them that the type of the other allows. */
    static void assertClose(INDArray exact, INDArray actual, String what) {
        assertClose(exact, actual, actual.dataType(), what);
    }

    /** The same for values that were computed in another type. */
    static void assertClose(INDArray exact, INDArray actual, DataType computedIn, String what) {
        assertArrayEquals(exact.shape(), actual.shape(), what);
        double largest = Math.max(exact.amaxNumber().doubleValue(), 1e-3);
        double error = exact.sub(exact(actual)).amaxNumber().doubleValue() / largest;
        // Written so that NaN fails.
        assertTrue(error <= tolerance(computedIn), String.format(Locale.ROOT, "%s: relative error %.2e", what, error));
    }

    static void assertClose(Map<String, INDArray> exact, Map<String, INDArray> actual, String what) {
        exact.forEach((name, array) -> assertClose(array, actual.get(name), name + " of " + what));
    }

    /** A sum of hundreds of values of both signs loses a digit or two; bfloat16 has no more than two. */
    private static double tolerance(DataType type) {
        return switch (type) {
            case BFLOAT16 -> 2e-2;
            case FLOAT -> 1e-4;
            default -> 1e-12;
        };
    }
}
