package sknet.kernel.onednn;

import java.util.Arrays;
import java.util.Collections;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import sknet.kernel.ChannelShape;
import sknet.kernel.Kernels;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;
import sknet.kernel.SelectionKernel;

class SelectionKernelTest extends KernelTest {
    private static final double SHARE = 0.3;

    /** What a selection reads, in plain order. */
    private record Sample(List<NormSample> branches, INDArray logits, INDArray outputGradient, INDArray fusedGradient) {

        static Sample draw(DataType type, int branches, long... shape) {
            return new Sample(Stream.generate(() -> NormSample.draw(type, shape)).limit(branches).toList(),
                    Samples.random(DataType.FLOAT, shape[0], branches * shape[1]), Samples.random(type, shape),
                    Samples.random(DataType.FLOAT, shape[0], shape[1]).muli(shape[2] * shape[3]));
        }

        Sample exact() {
            return new Sample(branches.stream().map(NormSample::exact).toList(), Samples.exact(logits), Samples.exact(outputGradient),
                    Samples.exact(fusedGradient));
        }

        INDArray[] packed(Kernels kernels) {
            return branches.stream().map(branch -> Samples.packed(kernels, branch.input())).toArray(INDArray[]::new);
        }

        NormVectors[] norms() {
            return branches.stream().map(NormSample::norm).toArray(NormVectors[]::new);
        }

        NormVectors[] gradientViews() {
            return branches.stream().map(NormSample::gradientViews).toArray(NormVectors[]::new);
        }

        SelectionKernel kernel(Kernels kernels, List<Rectifier> rectifiers) {
            return kernels.selection(ChannelShape.of(outputGradient), rectifiers, NormSample.EPSILON, outputGradient.dataType());
        }
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, 2", "FLOAT, 3", "BFLOAT16, 2", "BFLOAT16, 3"})
    void everyShapeAgrees(DataType type, int branches) {
        Processor.assumeServed(type);
        compare(Sample.draw(type, branches, 2, 48, 7, 7), Rectifier.RELU);
        compare(Sample.draw(type, branches, 3, 16, 5, 9), Rectifier.RELU);
        compare(Sample.draw(type, branches, 2, 12, 7, 7), Rectifier.RELU);
        compare(Sample.draw(type, branches, 4, 24, 6, 5), Rectifier.RELU);
        compare(Sample.draw(type, branches, 1, 116, 14, 14), Rectifier.RELU);
        compare(Sample.draw(type, branches, 5, 128, 14, 14), Rectifier.RELU);
        compare(Sample.draw(type, branches, 8, 32, 1, 1), Rectifier.RELU);
        compare(Sample.draw(type, branches, 2, 128, 40, 40), Rectifier.RELU);
    }

    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT", "BFLOAT16"})
    void aSingleBranchAgrees(DataType type) {
        Processor.assumeServed(type);
        compare(Sample.draw(type, 1, 2, 24, 7, 7), Rectifier.RELU);
    }

    @Test
    void branchesWithoutRectifierAgree() {
        compare(Sample.draw(DataType.FLOAT, 2, 2, 24, 7, 7), Rectifier.NONE);
        compare(Sample.draw(DataType.FLOAT, 2, 2, 32, 7, 7), Rectifier.NONE);
    }

    @Test
    void mapsOfFewerChannelsThanArePackedAgree() {
        compare(Sample.draw(DataType.FLOAT, 2, 3, 4, 7, 7), Rectifier.RELU);
    }

    @Test
    void hugeLogitsNeitherOverflowNorVanish() {
        Sample sample = Sample.draw(DataType.FLOAT, 3, 2, 24, 7, 7);
        sample.logits().muli(1e4);
        compare(sample, Rectifier.RELU);
    }

    @Test
    void branchesOfWhichSomeRectifyAgree() {
        compare(Sample.draw(DataType.FLOAT, 2, 2, 32, 7, 7), List.of(Rectifier.RELU, Rectifier.NONE));
        compare(Sample.draw(DataType.FLOAT, 2, 2, 29, 7, 7), List.of(Rectifier.NONE, Rectifier.RELU));
        compare(Sample.draw(DataType.FLOAT, 3, 2, 16, 7, 7), List.of(Rectifier.NONE, Rectifier.RELU, Rectifier.NONE));
    }

    private void compare(Sample sample, Rectifier rectifier) {
        compare(sample, Collections.nCopies(sample.branches().size(), rectifier));
    }

    private void compare(Sample sample, List<Rectifier> rectifiers) {
        Samples.assertClose(run(PORTABLE, sample.exact(), rectifiers), run(kernels, sample, rectifiers),
                sample.branches().size() + " times " + ChannelShape.of(sample.outputGradient()));
    }

    private static Map<String, INDArray> run(Kernels kernels, Sample sample, List<Rectifier> rectifiers) {
        int branches = sample.branches().size();
        INDArray[] x = sample.packed(kernels);
        INDArray[] dx = views(x);
        INDArray[] maps = views(x);
        INDArray dy = Samples.packed(kernels, sample.outputGradient());
        NormVectors[] gradients = sample.gradientViews();
        Map<String, INDArray> written = new LinkedHashMap<>();
        written.put("fused", Samples.viewLike(sample.fusedGradient()));
        written.put("output", Samples.viewLike(dy));
        written.put("logit gradient", Samples.viewLike(sample.logits()));
        written.put("evaluated fused", Samples.viewLike(sample.fusedGradient()));
        written.put("evaluated output", Samples.viewLike(dy));
        for (int m = 0; m < branches; m++) {
            written.put("branch " + m, maps[m]);
            written.put("gradient of branch " + m, dx[m]);
            written.putAll(NormSample.byName("branch " + m + " ", gradients[m]));
        }
        INDArray attention;
        try (SelectionKernel kernel = sample.kernel(kernels, rectifiers)) {
            INDArray[] reversed = reversed(x);
            // What another run leaves behind is not to be seen.
            for (INDArray[] convolved : List.of(reversed, x)) {
                INDArray[] rectified = Stream.of(convolved).map(array -> Transforms.abs(array, true)).toArray(INDArray[]::new);
                kernel.fuse(rectified, written.get("evaluated fused"));
                kernel.select(rectified, sample.logits(), written.get("evaluated output"));
                kernel.fuse(convolved, sample.norms(), written.get("fused"));
                kernel.select(convolved, sample.logits(), written.get("output"));
                IntStream.range(0, branches).forEach(m -> kernel.branch(m, convolved[m], maps[m]));
                kernel.selectBackward(convolved, dy, written.get("logit gradient"));
                kernel.branchesBackward(convolved, sample.norms(), dy, sample.fusedGradient(), dx, SHARE, gradients);
            }
            attention = kernel.attention();
        }
        Map<String, INDArray> results = Samples.plain(kernels, written);
        results.put("attention", attention);
        return results;
    }

    private static INDArray[] views(INDArray[] arrays) {
        return Stream.of(arrays).map(Samples::viewLike).toArray(INDArray[]::new);
    }

    private static INDArray[] reversed(INDArray[] arrays) {
        List<INDArray> list = Arrays.asList(arrays.clone());
        Collections.reverse(list);
        return list.toArray(INDArray[]::new);
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, 4", "FLOAT, 24", "FLOAT, 32", "BFLOAT16, 24", "BFLOAT16, 32"})
    void theGradientsMayOverwriteTheConvolutions(DataType type, int channels) {
        Processor.assumeServed(type);
        Sample sample = Sample.draw(type, 2, 3, channels, 7, 7);
        INDArray[] x = sample.packed(kernels);
        INDArray[] dx = views(x);
        INDArray dy = Samples.packed(kernels, sample.outputGradient());
        try (SelectionKernel kernel = sample.kernel(kernels, List.of(Rectifier.RELU, Rectifier.RELU))) {
            kernel.fuse(x, sample.norms(), Samples.viewLike(sample.fusedGradient()));
            kernel.select(x, sample.logits(), Samples.viewLike(dy));
            kernel.selectBackward(x, dy, Samples.viewLike(sample.logits()));
            kernel.branchesBackward(x, sample.norms(), dy, sample.fusedGradient(), dx, SHARE, sample.gradientViews());
            kernel.branchesBackward(x, sample.norms(), dy, sample.fusedGradient(), x, SHARE, sample.gradientViews());
        }
        for (int m = 0; m < x.length; m++) {
            Samples.assertSameBits(dx[m], x[m], "branch " + m + " in place");
        }
    }

    @Test
    void theNumberOfThreadsChangesNoBit() {
        for (int channels : new int[] {24, 128}) {
            Sample sample = Sample.draw(DataType.FLOAT, 2, 3, channels, 28, 28);
            Map<String, INDArray> one = withThreads(1, () -> run(kernels, sample, List.of(Rectifier.RELU, Rectifier.RELU)));
            Map<String, INDArray> three = withThreads(3, () -> run(kernels, sample, List.of(Rectifier.RELU, Rectifier.RELU)));
            Samples.assertSameBits(one, three, channels + " channels");
        }
    }
}
