package sknet.kernel.onednn;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.Kernels;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;

class BatchNormKernelTest extends KernelTest {
    private static final double SHARE = 0.3;

    /** What a batch norm reads either way. */
    private record Sample(NormSample forward, INDArray outputGradient) {

        static Sample draw(DataType type, long... shape) {
            return new Sample(NormSample.draw(type, shape), Samples.random(type, shape));
        }

        Sample exact() {
            return new Sample(forward.exact(), Samples.exact(outputGradient));
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, NONE", "FLOAT, RELU", "BFLOAT16, NONE", "BFLOAT16, RELU"})
    void mapsOfEveryShapeAgree(DataType type, Rectifier rectifier) {
        Processor.assumeServed(type);
        for (int batch : new int[] {1, 5}) {
            for (int channels : new int[] {8, 12, 16, 24, 64, 116}) {
                for (int size : new int[] {2, 7, 14}) {
                    compare(Sample.draw(type, batch, channels, size, size + 1), rectifier);
                }
            }
        }
        compare(Sample.draw(type, 2, 116, 40, 40), rectifier);
        compare(Sample.draw(type, 2, 128, 40, 40), rectifier);
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, NONE", "FLOAT, RELU", "BFLOAT16, NONE", "BFLOAT16, RELU"})
    void vectorsOfEveryShapeAgree(DataType type, Rectifier rectifier) {
        Processor.assumeServed(type);
        for (int batch : new int[] {5, 64}) {
            for (int channels : new int[] {1, 3, 8, 24, 32, 116}) {
                compare(Sample.draw(type, batch, channels), rectifier);
                compare(Sample.draw(type, batch, channels, 1, 1), rectifier);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Rectifier.class)
    void mapsOfFewerChannelsThanArePackedAgree(Rectifier rectifier) {
        compare(Sample.draw(DataType.FLOAT, 5, 3, 7, 7), rectifier);
    }

    private void compare(Sample sample, Rectifier rectifier) {
        Samples.assertClose(run(PORTABLE, sample.exact(), rectifier), run(kernels, sample, rectifier),
                ChannelShape.of(sample.outputGradient()) + " " + rectifier);
    }

    private static Map<String, INDArray> run(Kernels kernels, Sample sample, Rectifier rectifier) {
        INDArray x = Samples.packed(kernels, sample.forward().input());
        INDArray dy = Samples.packed(kernels, sample.outputGradient());
        NormVectors norm = sample.forward().norm();
        INDArray y = Samples.viewLike(x);
        INDArray dx = Samples.viewLike(x);
        NormVectors gradients = sample.forward().gradientViews();
        try (BatchNormKernel kernel = kernel(kernels, x, rectifier)) {
            // What another run leaves behind is not to be seen.
            kernel.forward(dy, norm, y);
            kernel.backward(dy, x, norm, dx, SHARE, gradients);
            kernel.forward(x, norm, y);
            kernel.backward(x, dy, norm, dx, SHARE, gradients);
        }
        Map<String, INDArray> written = new LinkedHashMap<>(Map.of("output", y, "input gradient", dx));
        written.putAll(NormSample.byName("", gradients));
        return Samples.plain(kernels, written);
    }

    private static BatchNormKernel kernel(Kernels kernels, INDArray input, Rectifier rectifier) {
        return kernels.batchNorm(ChannelShape.of(input), rectifier, NormSample.EPSILON, input.dataType());
    }

    @Test
    void theVarianceDoesNotDrownInALargeMean() {
        for (int channels : new int[] {24, 32}) {
            Sample sample = Sample.draw(DataType.FLOAT, 4, channels, 14, 14);
            sample.forward().input().addi(1000);
            compare(sample, Rectifier.NONE);
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, 3", "FLOAT, 24", "FLOAT, 32", "BFLOAT16, 24", "BFLOAT16, 32", "DOUBLE, 24"})
    void theGradientMayOverwriteTheInputOrTheGradientItComesFrom(DataType type, int channels) {
        Processor.assumeServed(type);
        NormSample sample = NormSample.draw(type, 5, channels, 7, 7);
        INDArray x = Samples.packed(kernels, sample.input());
        INDArray dy = Samples.random(type, x.shape());
        INDArray dx = Samples.viewLike(x);
        try (BatchNormKernel kernel = kernel(kernels, x, Rectifier.RELU)) {
            kernel.forward(x, sample.norm(), Samples.viewLike(x));
            kernel.backward(x, dy, sample.norm(), dx, SHARE, sample.gradientViews());
            INDArray input = x.dup();
            kernel.backward(input, dy, sample.norm(), input, SHARE, sample.gradientViews());
            Samples.assertSameBits(dx, input, channels + " channels in place of the input");
            kernel.backward(x, dy, sample.norm(), dy, SHARE, sample.gradientViews());
        }
        Samples.assertSameBits(dx, dy, channels + " channels in place of the output's gradient");
    }

    @Test
    void theNumberOfThreadsChangesNoBit() {
        for (int channels : new int[] {24, 128}) {
            Sample sample = Sample.draw(DataType.FLOAT, 3, channels, 28, 28);
            Map<String, INDArray> one = withThreads(1, () -> run(kernels, sample, Rectifier.RELU));
            Map<String, INDArray> three = withThreads(3, () -> run(kernels, sample, Rectifier.RELU));
            Samples.assertSameBits(one, three, channels + " channels");
        }
    }
}
