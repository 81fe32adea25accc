package sknet.kernel.onednn;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Kernels;
import sknet.kernel.Store;

class OneDnnConvolutionTest extends KernelTest {

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT", "BFLOAT16"})
    void everyShapeOfTheGridAgreesWithThePortableKernel(DataType type) {
        Processor.assumeServed(type);
        List<ConvolutionShape> grid = grid();
        if (type == DataType.FLOAT) {
            // Fewer channels than are packed: in bfloat16 there are images of so few, but no outputs.
            grid.add(new ConvolutionShape(2, 4, 7, 7, 6, 2, 1, 1, 0, 2));
        }
        grid.forEach(shape -> compare(shape, type));
        assertTrue(grid.size() > 300, "only " + grid.size() + " shapes");
    }

    private static List<ConvolutionShape> grid() {
        List<ConvolutionShape> shapes = new ArrayList<>();
        for (int kernel : new int[] {1, 3, 5}) {
            for (int stride : new int[] {1, 2}) {
                for (int dilation = 1; dilation <= (kernel == 1 ? 1 : 3); dilation++) {
                    for (int channels : new int[] {8, 12, 32}) {
                        for (int groups : new int[] {1, 2, 4, channels}) {
                            for (int size : new int[] {7, 14}) {
                                for (int batch : new int[] {1, 5}) {
                                    shapes.add(new ConvolutionShape(batch, channels, size, size + 1, channels * (size / 7), kernel, stride,
                                            dilation, dilation * (kernel - 1) / 2, groups));
                                }
                            }
                        }
                    }
                }
            }
        }
        shapes.add(new ConvolutionShape(5, 3, 28, 28, 16, 3, 2, 1, 1, 1));
        shapes.add(new ConvolutionShape(2, 3, 31, 31, 20, 7, 2, 1, 3, 1));
        shapes.add(new ConvolutionShape(2, 128, 14, 14, 128, 3, 1, 2, 2, 32));
        shapes.add(new ConvolutionShape(1, 8, 1, 1, 8, 3, 1, 2, 2, 8));
        shapes.add(new ConvolutionShape(2, 116, 7, 7, 24, 1, 1, 1, 0, 1));
        shapes.add(new ConvolutionShape(2, 116, 7, 7, 116, 3, 1, 1, 1, 116));
        shapes.add(new ConvolutionShape(5, 32, 1, 1, 116, 1, 1, 1, 0, 1));
        for (int channels : new int[] {32, 24}) {
            shapes.add(new ConvolutionShape(2, channels, 9, 8, 48, 1, 7, 1, 1, 0, 3, 1));
            shapes.add(new ConvolutionShape(2, channels, 9, 8, 40, 7, 1, 1, 1, 3, 0, 1));
            shapes.add(new ConvolutionShape(2, channels, 9, 9, 40, 3, 3, 2, 1, 0, 0, 1));
            shapes.add(new ConvolutionShape(2, channels, 9, 9, 48, 3, 3, 1, 1, 0, 0, 1));
        }
        // Rectangles of 16 x 16 weights and what is next to them.
        for (int[] channels : new int[][] {{32, 80}, {48, 16}, {16, 48}, {256, 32}, {32, 40}, {40, 32}}) {
            for (int batch : new int[] {1, 5}) {
                shapes.add(new ConvolutionShape(batch, channels[0], 7, 9, channels[1], 1, 1, 1, 0, 1));
                shapes.add(new ConvolutionShape(batch, channels[0], 7, 9, channels[1], 1, 2, 1, 0, 1));
                shapes.add(new ConvolutionShape(batch, channels[0], 1, 1, channels[1], 1, 1, 1, 0, 1));
            }
        }
        return shapes;
    }

    private void compare(ConvolutionShape shape, DataType type) {
        try (ConvolutionKernel expected = PORTABLE.convolution(shape, DataType.DOUBLE);
             ConvolutionKernel actual = kernels.convolution(shape, type)) {
            assertNotEquals(expected.getClass(), actual.getClass());
            // Twice: the second pass meets what the first left in the buffers, and other values.
            for (int pass = 0; pass < 2; pass++) {
                INDArray x = Samples.input(shape, type);
                INDArray w = Samples.random(DataType.FLOAT, shape.weightShape());
                INDArray dy = Samples.random(type, shape.outputShape());
                Map<String, INDArray> exact = run(PORTABLE, expected, Samples.exact(x), Samples.exact(w), Samples.exact(dy));
                Map<String, INDArray> found = run(kernels, actual, x, w, dy);
                Samples.assertClose(exact.get("output"), found.get("output"), "output of " + shape);
                Samples.assertClose(exact.get("weight gradient"), found.get("weight gradient"), "weight gradient of " + shape);
                Samples.assertClose(exact.get("data gradient"), found.get("data gradient"), type, "data gradient of " + shape);
                Samples.assertSameBits(found, run(kernels, actual, x, w, dy), shape + " in a second run");
            }
        }
    }

    private static Map<String, INDArray> run(Kernels kernels, ConvolutionKernel kernel, INDArray input, INDArray w, INDArray gradient) {
        INDArray x = Samples.packed(kernels, input);
        INDArray dy = Samples.packed(kernels, gradient);
        INDArray y = Samples.viewLike(dy);
        INDArray dw = Samples.viewLike(w);
        INDArray dx = Samples.viewLike(x);
        kernel.forward(x, w, y);
        kernel.backwardWeights(x, dy, dw);
        kernel.backwardData(dy, w, dx, Store.REPLACE);
        Samples.assertNothingWrittenBeside(dw, "weight gradient");
        Map<String, INDArray> results = Samples.plain(kernels, Map.of("output", y, "data gradient", dx));
        results.put("weight gradient", dw);
        return results;
    }

    static Stream<Arguments> addedGradients() {
        return Stream.of(DataType.DOUBLE, DataType.FLOAT, DataType.BFLOAT16).flatMap(type -> Stream.of(
                new ConvolutionShape(5, 32, 7, 9, 80, 1, 1, 1, 0, 1), new ConvolutionShape(2, 24, 7, 9, 40, 1, 1, 1, 0, 1),
                new ConvolutionShape(2, 32, 7, 9, 48, 1, 2, 1, 0, 1), new ConvolutionShape(2, 32, 14, 14, 32, 3, 1, 1, 1, 4),
                new ConvolutionShape(2, 24, 7, 7, 24, 3, 1, 1, 1, 24), new ConvolutionShape(2, 32, 14, 15, 64, 3, 2, 2, 2, 2),
                new ConvolutionShape(2, 12, 7, 7, 24, 3, 2, 3, 3, 4), new ConvolutionShape(5, 32, 1, 1, 48, 3, 1, 2, 2, 1),
                new ConvolutionShape(5, 32, 1, 1, 48, 1, 1, 1, 0, 1), new ConvolutionShape(5, 24, 1, 1, 40, 1, 1, 1, 0, 1))
                .map(shape -> Arguments.of(type, shape)));
    }

    @ParameterizedTest
    @MethodSource("addedGradients")
    void theAddedDataGradientIsTheGradientPlusWhatWasThere(DataType type, ConvolutionShape shape) {
        Processor.assumeServed(type);
        INDArray w = Samples.random(Samples.parameterType(type), shape.weightShape());
        INDArray dy = Samples.packed(kernels, Samples.random(type, shape.outputShape()));
        INDArray dx = Samples.packed(kernels, Samples.input(shape, type));
        INDArray sum = Samples.packed(kernels, Samples.input(shape, type));
        INDArray expected = Samples.exact(sum);
        try (ConvolutionKernel kernel = kernels.convolution(shape, type)) {
            kernel.backwardData(dy, w, dx, Store.REPLACE);
            kernel.backwardData(dy, w, sum, Store.ADD);
        }
        Samples.assertClose(expected.add(Samples.exact(dx)), sum, "sum of " + shape);
        Samples.assertNothingWrittenBeside(sum, "sum of " + shape);
    }
}
