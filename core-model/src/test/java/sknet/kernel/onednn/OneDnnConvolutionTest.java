package sknet.kernel.onednn;

import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Kernels;

class OneDnnConvolutionTest extends KernelTest {

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT", "BFLOAT16"})
    void everyShapeOfTheGridAgreesWithThePortableKernel(DataType type) {
        assumeServed(type);
        List<ConvolutionShape> grid = grid();
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
        shapes.add(new ConvolutionShape(2, 4, 7, 7, 6, 2, 1, 1, 0, 2));
        shapes.add(new ConvolutionShape(2, 116, 7, 7, 24, 1, 1, 1, 0, 1));
        shapes.add(new ConvolutionShape(2, 116, 7, 7, 116, 3, 1, 1, 1, 116));
        shapes.add(new ConvolutionShape(5, 32, 1, 1, 116, 1, 1, 1, 0, 1));
        shapes.add(new ConvolutionShape(5, 116, 1, 1, 4, 1, 1, 1, 0, 1));
        return shapes;
    }

    private void compare(ConvolutionShape shape, DataType type) {
        try (ConvolutionKernel expected = PORTABLE.convolution(shape, DataType.DOUBLE);
             ConvolutionKernel actual = kernels.convolution(shape, type)) {
            assertNotEquals(expected.getClass(), actual.getClass());
            // Twice: the second pass meets what the first left in the buffers, and other values.
            for (int pass = 0; pass < 2; pass++) {
                INDArray x = Samples.random(type, shape.batch(), shape.inChannels(), shape.height(), shape.width());
                INDArray w = Samples.random(DataType.FLOAT, shape.weightShape());
                INDArray dy = Samples.random(type, shape.batch(), shape.outChannels(), shape.outHeight(), shape.outWidth());
                Map<String, INDArray> exact = run(PORTABLE, expected, Samples.exact(x), Samples.exact(w), Samples.exact(dy));
                Map<String, INDArray> found = run(kernels, actual, x, w, dy);
                Samples.assertClose(exact, found, shape.toString());
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
        kernel.backwardData(dy, w, dx);
        Samples.assertNothingWrittenBeside(dw, "weight gradient");
        Map<String, INDArray> results = Samples.plain(kernels, Map.of("output", y, "data gradient", dx));
        results.put("weight gradient", dw);
        return results;
    }
}
