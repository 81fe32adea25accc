package sknet.kernel.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Kernels;

class OneDnnConvolutionTest {
    private final Kernels kernels = OneDnnKernels.over(Samples.PORTABLE);

    @BeforeEach
    void drawTheSameNumbers() {
        Nd4j.getRandom().setSeed(1);
    }

    @Test
    void everyShapeOfTheGridAgreesWithThePortableKernel() {
        List<ConvolutionShape> grid = grid();
        grid.forEach(this::compare);
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
        return shapes;
    }

    private void compare(ConvolutionShape shape) {
        try (ConvolutionKernel expected = Samples.PORTABLE.convolution(shape, DataType.FLOAT);
             ConvolutionKernel actual = kernels.convolution(shape, DataType.FLOAT)) {
            assertEquals(OneDnnConvolution.class, actual.getClass());
            // Twice: the second pass meets what the first left in the buffers, and other values.
            for (int pass = 0; pass < 2; pass++) {
                INDArray x = Samples.random(shape.batch(), shape.inChannels(), shape.height(), shape.width());
                INDArray w = Samples.random(shape.weightShape());
                INDArray dy = Samples.random(shape.batch(), shape.outChannels(), shape.outHeight(), shape.outWidth());
                INDArray[] reference = run(expected, x, w, dy);
                INDArray[] found = run(actual, packed(x), w, packed(dy));
                INDArray[] again = run(actual, packed(x), w, packed(dy));
                for (int i = 0; i < found.length; i++) {
                    String what = List.of("output", "weight gradient", "data gradient").get(i) + " of " + shape;
                    Samples.assertClose(reference[i], i == 1 ? found[i] : kernels.plain(found[i]), what);
                    Samples.assertNothingWrittenBeside(found[i], what);
                    Samples.assertSameBits(found[i], again[i], what + " in a second run");
                }
            }
        }
    }

    private INDArray packed(INDArray plain) {
        return Samples.view(plain.shape()).assign(kernels.packed(plain));
    }

    private static INDArray[] run(ConvolutionKernel kernel, INDArray x, INDArray w, INDArray dy) {
        INDArray y = Samples.view(dy.shape());
        INDArray dw = Samples.view(w.shape());
        INDArray dx = Samples.view(x.shape());
        kernel.forward(x, w, y);
        kernel.backwardWeights(x, dy, dw);
        kernel.backwardData(dy, w, dx);
        return new INDArray[] {y, dw, dx};
    }
}
