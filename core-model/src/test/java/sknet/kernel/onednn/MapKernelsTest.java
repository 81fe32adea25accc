package sknet.kernel.onednn;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ChannelPoolingKernel;
import sknet.kernel.ChannelRun;
import sknet.kernel.ChannelShape;
import sknet.kernel.GateKernel;
import sknet.kernel.GateKernel.Extent;
import sknet.kernel.GatherKernel;
import sknet.kernel.GatherShape;
import sknet.kernel.Kernels;
import sknet.kernel.Rectifier;
import sknet.kernel.ResizeKernel;
import sknet.kernel.ResizeShape;
import sknet.kernel.SumKernel;

/** The kernels that take whole maps and have no parameters. */
class MapKernelsTest extends KernelTest {

    @ParameterizedTest
    @CsvSource({"FLOAT, 16, 32, 48", "FLOAT, 24, 58, 3", "FLOAT, 4, 5, 16", "FLOAT, 64, 40, 7", "BFLOAT16, 16, 32, 48", "BFLOAT16, 24, 58, 13"})
    void concatenationAgrees(DataType type, int first, int second, int third) {
        Processor.assumeServed(type);
        List<ChannelShape> inputs = List.of(maps(first), maps(second), maps(third));
        compare(new GatherShape(inputs, maps(first + second + third), List.of(new ChannelRun(0, 0, first, 0, 1),
                new ChannelRun(1, 0, second, first, 1), new ChannelRun(2, 0, third, first + second, 1))), type);
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, 64, 16, 32", "FLOAT, 64, 5, 30", "FLOAT, 58, 29, 29", "FLOAT, 48, 0, 3", "BFLOAT16, 64, 16, 32", "BFLOAT16, 58, 29, 29"})
    void slicesAgree(DataType type, int channels, int start, int count) {
        Processor.assumeServed(type);
        compare(new GatherShape(List.of(maps(channels)), maps(count), List.of(new ChannelRun(0, start, count, 0, 1))), type);
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, 16", "FLOAT, 58", "FLOAT, 24", "BFLOAT16, 16", "BFLOAT16, 58"})
    void channelsByTurnsAgree(DataType type, int channels) {
        Processor.assumeServed(type);
        compare(new GatherShape(List.of(maps(channels), maps(channels)), maps(2 * channels), List.of(new ChannelRun(0, 0, channels, 0, 2),
                new ChannelRun(1, 0, channels, 1, 2))), type);
    }

    private static ChannelShape maps(int channels) {
        return new ChannelShape(3, channels, 5, 6);
    }

    private static INDArray draw(DataType type, ChannelShape shape) {
        return Samples.random(type, shape.batch(), shape.channels(), shape.height(), shape.width());
    }

    private void compare(GatherShape shape, DataType type) {
        INDArray[] x = shape.inputs().stream().map(input -> draw(type, input)).toArray(INDArray[]::new);
        INDArray dy = draw(type, shape.output());
        Samples.assertClose(run(PORTABLE, shape, exact(x), Samples.exact(dy)), run(kernels, shape, x, dy), shape.toString());
    }

    private static INDArray[] exact(INDArray... arrays) {
        return List.of(arrays).stream().map(Samples::exact).toArray(INDArray[]::new);
    }

    private static INDArray[] packed(Kernels kernels, INDArray... arrays) {
        return List.of(arrays).stream().map(array -> Samples.packed(kernels, array)).toArray(INDArray[]::new);
    }

    private static Map<String, INDArray> run(Kernels kernels, GatherShape shape, INDArray[] x, INDArray dy) {
        INDArray y = Samples.viewLike(dy);
        INDArray[] dx = List.of(x).stream().map(Samples::viewLike).toArray(INDArray[]::new);
        try (GatherKernel kernel = kernels.gather(shape, dy.dataType())) {
            kernel.forward(packed(kernels, x), y);
            kernel.backward(Samples.packed(kernels, dy), dx);
        }
        return Samples.plain(kernels, named("output", y, dx));
    }

    private static Map<String, INDArray> named(String output, INDArray y, INDArray... gradients) {
        Map<String, INDArray> named = new LinkedHashMap<>();
        named.put(output, y);
        IntStream.range(0, gradients.length).forEach(i -> named.put("gradient " + i, gradients[i]));
        return named;
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, NONE, 16", "FLOAT, RELU, 29", "FLOAT, RELU, 3", "BFLOAT16, RELU, 16", "BFLOAT16, NONE, 29"})
    void weightedSumsAgree(DataType type, Rectifier rectifier, int channels) {
        Processor.assumeServed(type);
        for (List<Double> factors : List.of(List.of(1.0, 1.0), List.of(1.0, 0.25, -2.0), List.of(2.0))) {
            INDArray[] x = factors.stream().map(factor -> draw(type, maps(channels))).toArray(INDArray[]::new);
            INDArray dy = draw(type, maps(channels));
            Samples.assertClose(run(PORTABLE, factors, rectifier, exact(x), Samples.exact(dy)), run(kernels, factors, rectifier, x, dy),
                    "sum of " + factors);
        }
    }

    private static Map<String, INDArray> run(Kernels kernels, List<Double> factors, Rectifier rectifier, INDArray[] x, INDArray dy) {
        INDArray y = Samples.viewLike(dy);
        INDArray[] dx = List.of(x).stream().map(Samples::viewLike).toArray(INDArray[]::new);
        try (SumKernel kernel = kernels.sum(dy.length(), factors, rectifier, dy.dataType())) {
            kernel.forward(packed(kernels, x), y);
            kernel.backward(y, Samples.packed(kernels, dy), dx);
        }
        return Samples.plain(kernels, named("output", y, dx));
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, MAP, 32", "FLOAT, MAP, 29", "FLOAT, MAP, 4", "FLOAT, PIXEL, 32", "FLOAT, PIXEL, 29", "FLOAT, VALUE, 32", "FLOAT, VALUE, 29",
        "BFLOAT16, MAP, 32", "BFLOAT16, PIXEL, 29", "BFLOAT16, VALUE, 32"})
    void gatesAgree(DataType type, Extent extent, int channels) {
        Processor.assumeServed(type);
        INDArray x = draw(type, maps(channels));
        INDArray dy = draw(type, maps(channels));
        // Gates of bfloat16 maps are float32, but those of values.
        INDArray gates = switch (extent) {
            case MAP -> draw(Samples.parameterType(type), new ChannelShape(3, channels, 1, 1));
            case PIXEL -> draw(Samples.parameterType(type), maps(1));
            case VALUE -> draw(type, maps(channels));
        };
        for (double offset : new double[] {0, 1}) {
            Samples.assertClose(run(PORTABLE, extent, offset, Samples.exact(x), Samples.exact(gates), Samples.exact(dy)),
                    run(kernels, extent, offset, x, gates, dy), extent + " gates");
        }
    }

    private static Map<String, INDArray> run(Kernels kernels, Extent extent, double offset, INDArray x, INDArray gates, INDArray dy) {
        INDArray y = Samples.viewLike(dy);
        INDArray dx = Samples.viewLike(x);
        INDArray ofGates = Samples.viewLike(gates);
        try (GateKernel kernel = kernels.gate(ChannelShape.of(x), extent, offset, x.dataType())) {
            kernel.forward(Samples.packed(kernels, x), Samples.packed(kernels, gates), y);
            kernel.backward(Samples.packed(kernels, x), Samples.packed(kernels, gates), Samples.packed(kernels, dy), dx, ofGates);
        }
        return Samples.plain(kernels, named("output", y, dx, ofGates));
    }

    @ParameterizedTest
    @CsvSource({"FLOAT, 32, 10, 12", "FLOAT, 29, 3, 2", "FLOAT, 4, 5, 6", "BFLOAT16, 32, 10, 11", "FLOAT, 16, 1, 1"})
    void interpolationAgrees(DataType type, int channels, int height, int width) {
        Processor.assumeServed(type);
        ResizeShape shape = new ResizeShape(maps(channels), height, width);
        INDArray x = draw(type, maps(channels));
        INDArray dy = Samples.random(type, 3, channels, height, width);
        Samples.assertClose(run(PORTABLE, shape, Samples.exact(x), Samples.exact(dy)), run(kernels, shape, x, dy), shape.toString());
    }

    private static Map<String, INDArray> run(Kernels kernels, ResizeShape shape, INDArray x, INDArray dy) {
        INDArray y = Samples.viewLike(dy);
        INDArray dx = Samples.viewLike(x);
        try (ResizeKernel kernel = kernels.resize(shape, x.dataType())) {
            kernel.forward(Samples.packed(kernels, x), y);
            kernel.backward(Samples.packed(kernels, dy), dx);
        }
        return Samples.plain(kernels, named("output", y, dx));
    }

    /** The results are float32 whatever the maps are. */
    @ParameterizedTest
    @CsvSource({"FLOAT, 32", "FLOAT, 29", "FLOAT, 4", "BFLOAT16, 32", "BFLOAT16, 29"})
    void theLargestAndTheMeanOfChannelsAgree(DataType type, int channels) {
        Processor.assumeServed(type);
        INDArray x = draw(type, maps(channels));
        INDArray dy = draw(Samples.parameterType(type), maps(2));
        Samples.assertClose(run(PORTABLE, Samples.exact(x), Samples.exact(dy)), run(kernels, x, dy), channels + " channels");
    }

    private static Map<String, INDArray> run(Kernels kernels, INDArray x, INDArray dy) {
        INDArray y = Samples.viewLike(dy);
        INDArray dx = Samples.viewLike(x);
        try (ChannelPoolingKernel kernel = kernels.channelPooling(ChannelShape.of(x), x.dataType())) {
            kernel.forward(Samples.packed(kernels, x), y);
            kernel.backward(Samples.packed(kernels, x), y, Samples.packed(kernels, dy), dx);
        }
        return Samples.plain(kernels, named("output", y, dx));
    }

    @Test
    void theNumberOfThreadsChangesNoBit() {
        INDArray x = draw(DataType.FLOAT, maps(40));
        INDArray dy = draw(DataType.FLOAT, maps(40));
        INDArray gates = draw(DataType.FLOAT, maps(1));
        Samples.assertSameBits(withThreads(1, () -> run(kernels, Extent.PIXEL, 1, x, gates, dy)),
                withThreads(3, () -> run(kernels, Extent.PIXEL, 1, x, gates, dy)), "gates");
    }
}
