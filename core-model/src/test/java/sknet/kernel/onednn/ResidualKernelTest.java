package sknet.kernel.onednn;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ChannelShape;
import sknet.kernel.Kernels;
import sknet.kernel.NormVectors;
import sknet.kernel.ResidualKernel;

class ResidualKernelTest extends KernelTest {
    private static final double SHARE = 0.3;

    /** What the second addend of a sum is. */
    enum Shortcut {
        IDENTITY, PROJECTED
    }

    /** What a residual sum reads, in plain order. */
    private record Sample(NormSample first, NormSample second, Shortcut shortcut, INDArray outputGradient) {

        /** Draws until no sum is within the margin of the rectifier's jump. */
        static Sample draw(DataType type, Shortcut shortcut, long... shape) {
            Sample sample;
            do {
                sample = new Sample(NormSample.draw(type, shape), NormSample.draw(type, shape), shortcut, Samples.random(type, shape));
            } while (sample.sum().aminNumber().doubleValue() <= NormSample.MARGIN);
            return sample;
        }

        private INDArray sum() {
            return first.normalised().add(shortcut == Shortcut.IDENTITY ? Samples.exact(second.input()) : second.normalised());
        }

        Sample exact() {
            return new Sample(first.exact(), second.exact(), shortcut, Samples.exact(outputGradient));
        }

        INDArray[] packed(Kernels kernels) {
            return new INDArray[] {Samples.packed(kernels, first.input()), Samples.packed(kernels, second.input())};
        }

        private List<NormSample> normalisedAddends() {
            return shortcut == Shortcut.IDENTITY ? List.of(first) : List.of(first, second);
        }

        NormVectors[] norms() {
            return normalisedAddends().stream().map(NormSample::norm).toArray(NormVectors[]::new);
        }

        NormVectors[] gradientViews() {
            return normalisedAddends().stream().map(NormSample::gradientViews).toArray(NormVectors[]::new);
        }

        ResidualKernel kernel(Kernels kernels) {
            return kernels.residual(ChannelShape.of(outputGradient), NormSample.EPSILON, outputGradient.dataType());
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, IDENTITY", "FLOAT, PROJECTED", "BFLOAT16, IDENTITY", "BFLOAT16, PROJECTED"})
    void sumsOfEveryShapeAgree(DataType type, Shortcut shortcut) {
        Processor.assumeServed(type);
        for (int batch : new int[] {1, 5}) {
            for (int channels : new int[] {8, 12, 16, 24, 64, 116}) {
                for (int size : new int[] {2, 7, 14}) {
                    compare(Sample.draw(type, shortcut, batch, channels, size, size + 1));
                }
            }
        }
        compare(Sample.draw(type, shortcut, 8, 24, 1, 1));
        compare(Sample.draw(type, shortcut, 8, 32, 1, 1));
        compare(Sample.draw(type, shortcut, 2, 128, 40, 40));
    }

    @ParameterizedTest
    @CsvSource({"IDENTITY", "PROJECTED"})
    void mapsOfFewerChannelsThanArePackedAgree(Shortcut shortcut) {
        compare(Sample.draw(DataType.FLOAT, shortcut, 5, 3, 7, 7));
    }

    private void compare(Sample sample) {
        Samples.assertClose(run(PORTABLE, sample.exact()), run(kernels, sample),
                sample.shortcut() + " " + ChannelShape.of(sample.outputGradient()));
    }

    private static Map<String, INDArray> run(Kernels kernels, Sample sample) {
        INDArray[] x = sample.packed(kernels);
        INDArray[] dx = {Samples.viewLike(x[0]), Samples.viewLike(x[1])};
        INDArray dy = Samples.packed(kernels, sample.outputGradient());
        INDArray y = Samples.viewLike(dy);
        NormVectors[] gradients = sample.gradientViews();
        try (ResidualKernel kernel = sample.kernel(kernels)) {
            // What another run leaves behind is not to be seen.
            for (INDArray[] addends : List.of(new INDArray[] {x[1], x[0]}, x)) {
                kernel.forward(addends, sample.norms(), y);
                kernel.backward(addends, sample.norms(), y, dy, dx, SHARE, gradients);
            }
        }
        Map<String, INDArray> written = new LinkedHashMap<>(Map.of("output", y, "first gradient", dx[0], "second gradient", dx[1]));
        for (int i = 0; i < gradients.length; i++) {
            written.putAll(NormSample.byName("addend " + i + " ", gradients[i]));
        }
        return Samples.plain(kernels, written);
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, IDENTITY, 4", "FLOAT, IDENTITY, 24", "FLOAT, IDENTITY, 32", "FLOAT, PROJECTED, 4", "FLOAT, PROJECTED, 24",
        "FLOAT, PROJECTED, 32", "BFLOAT16, IDENTITY, 24", "BFLOAT16, IDENTITY, 32", "BFLOAT16, PROJECTED, 24", "BFLOAT16, PROJECTED, 32",
        "DOUBLE, IDENTITY, 24", "DOUBLE, PROJECTED, 24"})
    void theGradientsMayTakeThePlaceOfTheAddends(DataType type, Shortcut shortcut, int channels) {
        Processor.assumeServed(type);
        Sample sample = Sample.draw(type, shortcut, 3, channels, 7, 7);
        INDArray[] x = sample.packed(kernels);
        INDArray[] dx = {Samples.viewLike(x[0]), Samples.viewLike(x[1])};
        INDArray dy = Samples.packed(kernels, sample.outputGradient());
        INDArray y = Samples.viewLike(dy);
        List<Map<String, INDArray>> normGradients = new ArrayList<>();
        try (ResidualKernel kernel = sample.kernel(kernels)) {
            kernel.forward(x, sample.norms(), y);
            for (INDArray[] gradients : List.of(dx, x)) {
                NormVectors[] ofNorms = sample.gradientViews();
                kernel.backward(x, sample.norms(), y, dy, gradients, SHARE, ofNorms);
                Map<String, INDArray> byName = new LinkedHashMap<>();
                Stream.of(ofNorms).forEach(gradient -> byName.putAll(NormSample.byName(byName.size() + " ", gradient)));
                normGradients.add(byName);
            }
        }
        Samples.assertSameBits(dx[0], x[0], "the first gradient in place");
        Samples.assertSameBits(dx[1], x[1], "the second gradient in place");
        Samples.assertSameBits(normGradients.get(0), normGradients.get(1), "gradients in place");
    }

    @Test
    void theNumberOfThreadsChangesNoBit() {
        for (Shortcut shortcut : Shortcut.values()) {
            for (int channels : new int[] {24, 128}) {
                Sample sample = Sample.draw(DataType.FLOAT, shortcut, 3, channels, 28, 28);
                Map<String, INDArray> one = withThreads(1, () -> run(kernels, sample));
                Map<String, INDArray> three = withThreads(3, () -> run(kernels, sample));
                Samples.assertSameBits(one, three, channels + " channels");
            }
        }
    }
}
