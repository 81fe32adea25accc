package sknet.kernel.nd4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Store;

class ConvolutionKernelTest {

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT", "DOUBLE"})
    void everyShapeOfTheGridAgreesWithTheDefinition(DataType type) {
        double tolerance = type == DataType.DOUBLE ? 1e-12 : 1e-5;
        List<ConvolutionShape> grid = grid();
        for (ConvolutionShape shape : grid) {
            compare(shape, type, tolerance);
        }
        assertTrue(grid.size() > 150, "only " + grid.size() + " shapes");
    }

    private static List<ConvolutionShape> grid() {
        List<ConvolutionShape> shapes = new ArrayList<>();
        for (int kernel : new int[] {1, 2, 3, 5}) {
            for (int stride : new int[] {1, 2, 3}) {
                for (int dilation : new int[] {1, 2, 3}) {
                    for (int padding : new int[] {0, 1, dilation * (kernel - 1) / 2, dilation * (kernel - 1)}) {
                        for (int groups : new int[] {1, 2, 4}) {
                            int reach = dilation * (kernel - 1);
                            if (padding <= reach && 5 + 2 * padding > reach && !(kernel == 1 && dilation > 1)) {
                                shapes.add(new ConvolutionShape(2, 4, 5 + stride, 6, 8, kernel, stride, dilation, padding,
                                        groups));
                            }
                        }
                    }
                }
            }
        }
        shapes.add(new ConvolutionShape(3, 3, 23, 23, 8, 7, 2, 1, 3, 1));
        shapes.add(new ConvolutionShape(2, 6, 9, 8, 4, 1, 7, 1, 1, 0, 3, 1));
        shapes.add(new ConvolutionShape(2, 6, 9, 8, 4, 7, 1, 1, 1, 3, 0, 2));
        shapes.add(new ConvolutionShape(2, 4, 9, 8, 4, 3, 1, 2, 1, 1, 0, 1));
        shapes.add(new ConvolutionShape(2, 4, 9, 8, 4, 1, 3, 1, 2, 0, 2, 1));
        shapes.add(new ConvolutionShape(1, 8, 1, 1, 8, 3, 1, 2, 2, 8));
        return shapes;
    }

    private static void compare(ConvolutionShape shape, DataType type, double tolerance) {
        Random random = new Random(shape.hashCode());
        double[] input = values(random, shape.batch() * shape.inChannels() * shape.height() * shape.width());
        double[] weights = values(random, shape.outChannels() * shape.groupInChannels() * shape.taps());
        double[] gradient = values(random, shape.batch() * shape.outChannels() * shape.outHeight() * shape.outWidth());
        INDArray x = array(type, input, shape.batch(), shape.inChannels(), shape.height(), shape.width());
        INDArray w = array(type, weights, shape.weightShape());
        INDArray dy = array(type, gradient, shape.batch(), shape.outChannels(), shape.outHeight(), shape.outWidth());
        INDArray y = dy.like().assign(7);
        INDArray dw = w.like().assign(7);
        INDArray dx = x.like().assign(7);
        NaiveConvolution naive = new NaiveConvolution(shape);
        try (ConvolutionKernel kernel = new Nd4jKernels().convolution(shape, type)) {
            // Twice: the second pass meets what the first left in the buffers.
            for (int pass = 0; pass < 2; pass++) {
                kernel.forward(x, w, y);
                kernel.backwardWeights(x, dy, dw);
                kernel.backwardData(dy, w, dx, Store.REPLACE);
                assertClose(naive.forward(input, weights), y, tolerance, "output of " + shape);
                assertClose(naive.backwardWeights(input, gradient), dw, tolerance, "weight gradient of " + shape);
                assertClose(naive.backwardData(gradient, weights), dx, tolerance, "input gradient of " + shape);
            }
        }
    }

    private static double[] values(Random random, int count) {
        return random.doubles(count, -1, 1).toArray();
    }

    private static INDArray array(DataType type, double[] values, long... shape) {
        return Nd4j.createFromArray(values).castTo(type).reshape('c', shape);
    }

    private static void assertClose(double[] expected, INDArray actual, double tolerance, String what) {
        double[] found = actual.castTo(DataType.DOUBLE).reshape(actual.length()).toDoubleVector();
        assertEquals(expected.length, found.length, what);
        double largest = 1;
        for (double value : expected) {
            largest = Math.max(largest, Math.abs(value));
        }
        for (int i = 0; i < expected.length; i++) {
            assertEquals(expected[i], found[i], tolerance * largest, what + " at " + i);
        }
    }

    @Test
    void aShapeThatDoesNotFitIsAnErrorThatSaysWhatWasExpected() {
        assertEquals("Cannot group a convolution: channels 6 -> 8 (expected multiples of the 4 groups)",
                assertThrows(IllegalArgumentException.class, () -> new ConvolutionShape(1, 6, 5, 5, 8, 3, 1, 1, 1,
                4)).getMessage());
        assertEquals("Cannot pad a convolution: padding of 5 rows (expected 0 to 4 for a kernel of 3 and dilation 2)",
                assertThrows(IllegalArgumentException.class, () -> new ConvolutionShape(1, 4, 5, 5, 8, 3, 1, 2, 5,
                4)).getMessage());
        assertEquals("Cannot convolve: map of 4 rows (expected at least 5)",
                assertThrows(IllegalArgumentException.class, () -> new ConvolutionShape(1, 4, 4, 9, 8, 3, 1, 2, 0,
                4)).getMessage());
    }
}
