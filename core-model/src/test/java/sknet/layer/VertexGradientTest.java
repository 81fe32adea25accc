package sknet.layer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.buffer.util.DataTypeUtil;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import sknet.kernel.Rectifier;
import sknet.layer.Gate.Opening;
import sknet.optimize.SmoothedCrossEntropy;

/** Numerical gradients in double through each vertex, whose inputs other vertices read too. */
class VertexGradientTest {
    private static final int CHANNELS = 4;
    private static final int BATCH = 3;

    private final DataType before = DataTypeUtil.getDtypeFromContext();

    @BeforeEach
    void useDouble() {
        DataTypeUtil.setDTypeForContext(DataType.DOUBLE);
    }

    @AfterEach
    void restoreType() {
        DataTypeUtil.setDTypeForContext(before);
    }

    /** The vertex, the channels of its output, and what it reads of "a" and "b" (maps), "pixel" (one channel), "map" and "other" (one pixel), "small". */
    static Stream<Arguments> vertices() {
        return Stream.of(
                Arguments.of(ChannelGather.concatenation(List.of(4L, 4L)), 8, new String[] {"a", "b"}),
                Arguments.of(ChannelGather.slice(4, 1, 2), 2, new String[] {"a"}),
                Arguments.of(ChannelGather.interleaving(2, 4), 8, new String[] {"a", "b"}),
                Arguments.of(Sum.of(2, Rectifier.RELU), 4, new String[] {"a", "b"}),
                Arguments.of(new Sum(List.of(0.3, -2.0), Rectifier.NONE), 4, new String[] {"a", "b"}),
                Arguments.of(Sum.of(2, Rectifier.NONE), 4, new String[] {"a", "a"}),
                Arguments.of(new Gate(Opening.SIGMOID), 4, new String[] {"a", "map"}),
                Arguments.of(new Gate(Opening.LINEAR), 4, new String[] {"a", "pixel"}),
                Arguments.of(new Gate(Opening.ONE_PLUS_SIGMOID), 4, new String[] {"a", "b"}),
                Arguments.of(new Resize(), 4, new String[] {"small", "a"}),
                Arguments.of(new PixelStack(2), 4, new String[] {"map", "other"}));
    }

    @ParameterizedTest
    @MethodSource("vertices")
    void theGradientsOfAVertexAgreeWithDifferences(KernelVertex vertex, int channels, String[] inputs) {
        ComputationGraph graph = new ComputationGraph(graph(vertex, channels, inputs));
        graph.init();
        Nd4j.getRandom().setSeed(11);
        INDArray images = Nd4j.randn(DataType.DOUBLE, BATCH, CHANNELS, 6, 5);
        INDArray labels = Nd4j.eye(BATCH).castTo(DataType.DOUBLE);
        Set<String> statistics = graph.paramTable().keySet().stream()
                .filter(key -> key.endsWith("mean") || key.endsWith("variance")).collect(Collectors.toSet());
        assertTrue(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig().net(graph).inputs(new INDArray[] {images})
                .labels(new INDArray[] {labels}).epsilon(1e-6).maxRelError(1e-4).minAbsoluteError(1e-8)
                .print(GradientCheckUtil.PrintMode.FAILURES_ONLY).excludeParams(statistics)), vertex.toString());
    }

    @Test
    void verticesSurviveTheJson() {
        vertices().forEach(arguments -> {
            KernelVertex vertex = (KernelVertex) arguments.get()[0];
            ComputationGraphConfiguration graph = graph(vertex, (int) arguments.get()[1], (String[]) arguments.get()[2]);
            assertTrue(ComputationGraphConfiguration.fromJson(graph.toJson()).getVertices().get("vertex").equals(vertex), vertex.getClass().getName());
        });
    }

    private static ComputationGraphConfiguration graph(KernelVertex vertex, int channels, String... inputs) {
        GraphBuilder builder = new NeuralNetConfiguration.Builder().seed(7).dataType(DataType.DOUBLE)
                .weightInit(WeightInit.RELU).updater(new NoOp()).graphBuilder().addInputs("in")
                .setInputTypes(InputType.convolutional(6, 5, CHANNELS));
        declare(builder, "a");
        Stream.of(inputs).distinct().filter(input -> !input.equals("a")).forEach(input -> declare(builder, input));
        // Gradients meet in "a", which the vertex may not be alone to read.
        return builder.addVertex("vertex", vertex, inputs)
                .addLayer("gap", Pooling.globalAverage(channels), "vertex").addLayer("also", Pooling.globalAverage(CHANNELS), "a")
                .addVertex("both", new MergeVertex(), "gap", "also").addLayer("fc", classifier(channels + CHANNELS), "both").setOutputs("fc").build();
    }

    private static void declare(GraphBuilder builder, String input) {
        switch (input) {
            case "a", "b" -> convolve(builder, input, CHANNELS, 1);
            case "pixel" -> convolve(builder, input, 1, 1);
            case "small" -> convolve(builder, input, CHANNELS, 2);
            case "map" -> builder.addLayer(input, Pooling.squeeze(CHANNELS), "a");
            case "other" -> builder.addLayer(input, Pooling.globalMax(CHANNELS), "a");
            default -> throw new IllegalArgumentException(input);
        }
    }

    private static void convolve(GraphBuilder builder, String name, int channels, int stride) {
        builder.addLayer(name, new Convolution(CHANNELS, channels, ConvolutionSpec.ofKernel(3).withStride(stride), Convolution.Bias.LEARNT), "in");
    }

    private static OutputLayer classifier(int channels) {
        return new OutputLayer.Builder(new SmoothedCrossEntropy(0.1)).nIn(channels).nOut(BATCH).activation(Activation.IDENTITY).build();
    }
}
