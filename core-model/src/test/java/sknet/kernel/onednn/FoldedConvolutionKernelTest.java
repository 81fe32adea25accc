package sknet.kernel.onednn;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.FoldedConvolutionKernel;
import sknet.kernel.Kernels;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;
import sknet.kernel.Store;

class FoldedConvolutionKernelTest extends KernelTest {
    private static final ConvolutionShape GROUPED = new ConvolutionShape(2, 32, 14, 15, 32, 3, 1, 1, 1, 4);

    /** What a folded convolution reads, in plain order. */
    private record Sample(ConvolutionShape shape, INDArray input, INDArray weights, NormVectors norm, INDArray addend) {

        static Sample draw(ConvolutionShape shape, DataType type) {
            NormVectors norm = NormSample.draw(DataType.FLOAT, 2, shape.outChannels()).norm();
            return new Sample(shape, Samples.input(shape, type), Samples.random(DataType.FLOAT, shape.weightShape()), norm,
                    Samples.random(type, shape.outputShape()));
        }

        Sample exact() {
            NormVectors exactNorm = new NormVectors(Samples.exact(norm.gamma()), Samples.exact(norm.beta()), Samples.exact(norm.mean()),
                    Samples.exact(norm.variance()));
            return new Sample(shape, Samples.exact(input), Samples.exact(weights), exactNorm, Samples.exact(addend));
        }
    }

    static Stream<Arguments> shapes() {
        return Stream.of(DataType.FLOAT, DataType.BFLOAT16).flatMap(type -> Stream.of(
                new ConvolutionShape(3, 32, 7, 9, 80, 1, 1, 1, 0, 1), new ConvolutionShape(3, 24, 7, 9, 40, 1, 1, 1, 0, 1),
                new ConvolutionShape(2, 48, 9, 8, 16, 1, 2, 1, 0, 1), new ConvolutionShape(2, 16, 9, 8, 32, 3, 1, 1, 1, 1), GROUPED,
                new ConvolutionShape(2, 12, 7, 7, 24, 3, 2, 1, 1, 4), new ConvolutionShape(2, 24, 7, 7, 24, 3, 1, 1, 1, 24),
                new ConvolutionShape(2, 64, 14, 14, 64, 3, 1, 2, 2, 8), new ConvolutionShape(2, 64, 14, 14, 64, 3, 2, 2, 2, 8),
                new ConvolutionShape(2, 3, 31, 31, 16, 7, 2, 1, 3, 1), new ConvolutionShape(2, 3, 28, 28, 20, 3, 1, 1, 1, 1),
                new ConvolutionShape(5, 32, 1, 1, 48, 1, 1, 1, 0, 1), new ConvolutionShape(5, 116, 1, 1, 24, 1, 1, 1, 0, 1),
                new ConvolutionShape(5, 32, 1, 1, 48, 3, 1, 2, 2, 1), new ConvolutionShape(4, 8, 12, 12, 8, 1, 1, 1, 0, 1),
                new ConvolutionShape(4, 8, 12, 12, 16, 1, 1, 1, 0, 1), new ConvolutionShape(4, 8, 12, 12, 8, 3, 1, 1, 1, 4),
                new ConvolutionShape(4, 8, 12, 12, 8, 3, 1, 2, 2, 4), new ConvolutionShape(4, 8, 1, 1, 8, 1, 1, 1, 0, 1),
                new ConvolutionShape(4, 16, 1, 1, 8, 1, 1, 1, 0, 1)).map(shape -> Arguments.of(type, shape)));
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void itEqualsAConvolutionAndABatchNormByRunningStatistics(DataType type, ConvolutionShape shape) {
        Processor.assumeServed(type);
        Sample sample = Sample.draw(shape, type);
        for (Rectifier rectifier : Rectifier.values()) {
            Map<String, INDArray> expected = new LinkedHashMap<>();
            for (Store store : Store.values()) {
                expected.put(store.name(), unfolded(sample.exact(), rectifier, store));
            }
            Samples.assertClose(expected, run(PORTABLE, sample.exact(), rectifier), rectifier + " behind the portable " + shape);
            Samples.assertClose(expected, run(kernels, sample, rectifier), rectifier + " behind " + shape);
        }
    }

    /** rectify(gamma * (input * weights - mean) / sqrt(variance + epsilon) + beta + addend). */
    private static INDArray unfolded(Sample sample, Rectifier rectifier, Store store) {
        INDArray output = sample.addend().like();
        try (ConvolutionKernel kernel = PORTABLE.convolution(sample.shape(), output.dataType())) {
            kernel.forward(sample.input(), sample.weights(), output);
        }
        NormVectors norm = sample.norm();
        output.subi(column(norm.mean())).divi(column(Transforms.sqrt(norm.variance().add(NormSample.EPSILON))))
                .muli(column(norm.gamma())).addi(column(norm.beta()));
        if (store == Store.ADD) {
            output.addi(sample.addend());
        }
        return rectifier == Rectifier.RELU ? Transforms.relu(output) : output;
    }

    private static INDArray column(INDArray vector) {
        return vector.reshape('c', 1, vector.length(), 1, 1);
    }

    /** The outputs without an addend and with one. */
    private static Map<String, INDArray> run(Kernels kernels, Sample sample, Rectifier rectifier) {
        DataType type = sample.addend().dataType();
        INDArray x = Samples.packed(kernels, sample.input());
        INDArray addend = Samples.packed(kernels, sample.addend());
        Map<String, INDArray> outputs = new LinkedHashMap<>();
        for (Store store : Store.values()) {
            INDArray output = Samples.viewLike(addend);
            try (FoldedConvolutionKernel kernel = kernels.foldedConvolution(sample.shape(), rectifier, store, NormSample.EPSILON, type)) {
                kernel.fold(sample.weights(), sample.norm());
                if (store == Store.ADD) {
                    kernel.forward(x, addend, output);
                } else {
                    kernel.forward(x, output);
                }
            }
            outputs.put(store.name(), output);
        }
        return Samples.plain(kernels, outputs);
    }

    @Test
    void parametersHoldUntilOthersAreFolded() {
        Sample first = Sample.draw(GROUPED, DataType.FLOAT);
        Sample second = Sample.draw(GROUPED, DataType.FLOAT);
        INDArray output = Samples.viewLike(first.addend());
        try (FoldedConvolutionKernel kernel = kernels.foldedConvolution(GROUPED, Rectifier.RELU, Store.REPLACE, NormSample.EPSILON,
                DataType.FLOAT)) {
            kernel.fold(first.weights().dup(), first.norm());
            for (Sample input : new Sample[] {second, first}) {
                kernel.forward(Samples.packed(kernels, input.input()), output);
            }
            Samples.assertSameBits(run(kernels, first, Rectifier.RELU).get("REPLACE"), kernels.plain(output), "the second run");
            kernel.fold(second.weights(), second.norm());
            kernel.forward(Samples.packed(kernels, second.input()), output);
            Samples.assertSameBits(run(kernels, second, Rectifier.RELU).get("REPLACE"), kernels.plain(output), "other parameters");
        }
    }
}
