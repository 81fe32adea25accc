package sknet.kernel.onednn;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ChannelShape;
import sknet.kernel.Kernels;
import sknet.kernel.PoolingKernel;
import sknet.kernel.PoolingShape;
import sknet.kernel.PoolingShape.Method;
import sknet.kernel.ResidualKernel;
import sknet.kernel.SelectionKernel;

/** Selection, pooling and residual sums agree with the portable kernels, on packed and unpacked channels. */
class OneDnnMapKernelsTest {
    private final Kernels kernels = OneDnnKernels.over(Samples.PORTABLE);

    @BeforeEach
    void drawTheSameNumbers() {
        Nd4j.getRandom().setSeed(1);
    }

    @ParameterizedTest
    @CsvSource({"2, 48, 7, 7, 2", "3, 16, 5, 9, 3", "2, 12, 7, 7, 2", "1, 32, 1, 1, 1", "5, 128, 14, 14, 2"})
    void selectionAgrees(int batch, int channels, int height, int width, int branches) {
        ChannelShape shape = new ChannelShape(batch, channels, height, width);
        INDArray[] maps = new INDArray[branches];
        for (int m = 0; m < branches; m++) {
            maps[m] = Samples.random(batch, channels, height, width);
        }
        INDArray logits = Samples.random(batch, (long) branches * channels);
        INDArray gradient = Samples.random(batch, channels, height, width);
        INDArray fusedGradient = Samples.random(batch, channels);
        INDArray[] expected = select(Samples.PORTABLE, shape, maps, logits, gradient, fusedGradient);
        INDArray[] found = select(kernels, shape, maps, logits, gradient, fusedGradient);
        for (int i = 0; i < found.length; i++) {
            Samples.assertClose(expected[i], found[i], "result " + i + " of " + shape);
        }
    }

    private static INDArray[] select(Kernels kernels, ChannelShape shape, INDArray[] maps, INDArray logits, INDArray gradient,
                                     INDArray fusedGradient) {
        int branches = maps.length;
        INDArray[] branchMaps = new INDArray[branches];
        for (int m = 0; m < branches; m++) {
            branchMaps[m] = kernels.packed(maps[m]);
        }
        INDArray fused = Samples.view(fusedGradient.shape());
        INDArray output = Samples.view(gradient.shape());
        INDArray logitGradient = Samples.view(logits.shape());
        INDArray first = Samples.view(gradient.shape());
        INDArray last = Samples.view(gradient.shape());
        try (SelectionKernel selection = kernels.selection(shape, branches, DataType.FLOAT)) {
            INDArray packedGradient = kernels.packed(gradient);
            selection.fuse(branchMaps, fused);
            selection.select(branchMaps, logits, output);
            selection.selectBackward(branchMaps, packedGradient, logitGradient);
            selection.branchBackward(0, packedGradient, fusedGradient, first);
            selection.branchBackward(branches - 1, packedGradient, fusedGradient, last);
            for (INDArray view : List.of(fused, output, logitGradient, first, last)) {
                Samples.assertNothingWrittenBeside(view, shape.toString());
            }
            return new INDArray[] {fused, kernels.plain(output), logitGradient, kernels.plain(first),
                kernels.plain(last), selection.attention().dup()};
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 16, 64})
    void poolingAgrees(int channels) {
        ChannelShape input = new ChannelShape(3, channels, 13, 12);
        for (PoolingShape shape : List.of(PoolingShape.globalAverage(input), new PoolingShape(input, Method.MAX, 3, 2, 1),
                new PoolingShape(input, Method.MAX, 2, 2, 0))) {
            INDArray x = Samples.random(3, channels, 13, 12);
            INDArray dy = shape.method() == Method.GLOBAL_AVERAGE ? Samples.random(3, channels)
                    : Samples.random(3, channels, shape.outHeight(), shape.outWidth());
            INDArray[] expected = pool(Samples.PORTABLE, shape, x, dy);
            INDArray[] found = pool(kernels, shape, x, dy);
            Samples.assertClose(expected[0], found[0], "output of " + shape);
            Samples.assertClose(expected[1], found[1], "gradient of " + shape);
        }
    }

    private static INDArray[] pool(Kernels kernels, PoolingShape shape, INDArray x, INDArray dy) {
        INDArray y = Samples.view(dy.shape());
        INDArray dx = Samples.view(x.shape());
        boolean maps = dy.rank() == 4;
        try (PoolingKernel pooling = kernels.pooling(shape, DataType.FLOAT)) {
            INDArray packed = kernels.packed(x);
            pooling.forward(packed, y);
            pooling.backward(packed, maps ? kernels.packed(dy) : dy, dx);
        }
        Samples.assertNothingWrittenBeside(y, shape.toString());
        Samples.assertNothingWrittenBeside(dx, shape.toString());
        return new INDArray[] {maps ? kernels.plain(y) : y, kernels.plain(dx)};
    }

    @Test
    void residualSumsAgree() {
        INDArray a = Samples.random(2, 3, 5, 7);
        INDArray b = Samples.random(2, 3, 5, 7);
        INDArray dy = Samples.random(2, 3, 5, 7);
        INDArray[] expected = add(Samples.PORTABLE, a, b, dy);
        INDArray[] found = add(kernels, a, b, dy);
        Samples.assertSameBits(expected[0], found[0], "output");
        Samples.assertSameBits(expected[1], found[1], "gradient");
    }

    private static INDArray[] add(Kernels kernels, INDArray a, INDArray b, INDArray dy) {
        INDArray y = Samples.view(a.shape());
        INDArray dx = Samples.view(a.shape());
        try (ResidualKernel residual = kernels.residual(a.length(), DataType.FLOAT)) {
            residual.forward(a, b, y);
            residual.backward(y, dy, dx);
        }
        Samples.assertNothingWrittenBeside(y, "output");
        Samples.assertNothingWrittenBeside(dx, "gradient");
        return new INDArray[] {y, dx};
    }
}
