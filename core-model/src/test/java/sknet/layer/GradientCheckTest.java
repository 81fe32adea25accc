package sknet.layer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
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
import sknet.layer.Convolution.Bias;
import sknet.optimize.SmoothedCrossEntropy;

/** Numerical gradients in double, of the layer's parameters and, through a 1x1 convolution before it, of its input. */
class GradientCheckTest {
    private static final int CHANNELS = 4;
    private static final int BATCH = 3;
    private static final ConvolutionSpec CONVOLUTION = ConvolutionSpec.ofKernel(3);
    private static final ConvolutionSpec POINTWISE = ConvolutionSpec.ofKernel(1);

    private final DataType before = DataTypeUtil.getDtypeFromContext();

    @BeforeEach
    void useDouble() {
        DataTypeUtil.setDTypeForContext(DataType.DOUBLE);
    }

    @AfterEach
    void restoreType() {
        DataTypeUtil.setDTypeForContext(before);
    }

    static Stream<Arguments> layers() {
        return Stream.of(
                Arguments.of("convolution", convolution(CHANNELS, 6, CONVOLUTION, Rectifier.NONE)),
                Arguments.of("convolution and ReLU", convolution(CHANNELS, 6, CONVOLUTION, Rectifier.RELU)),
                Arguments.of("grouped", convolution(CHANNELS, 6, CONVOLUTION.withGroups(2), Rectifier.RELU)),
                Arguments.of("strided", convolution(CHANNELS, 6, CONVOLUTION.withStride(2), Rectifier.RELU)),
                Arguments.of("dilated, strided, grouped", convolution(CHANNELS, 8, CONVOLUTION.withStride(2).withDilation(2).withGroups(4),
                        Rectifier.RELU)),
                Arguments.of("pointwise with stride", convolution(CHANNELS, 6, POINTWISE.withStride(2), Rectifier.RELU)),
                Arguments.of("of one row and five columns", convolution(CHANNELS, 6, ConvolutionSpec.ofKernel(1, 5), Rectifier.RELU)),
                Arguments.of("not padded", convolution(CHANNELS, 6, CONVOLUTION.withoutPadding(), Rectifier.RELU)),
                Arguments.of("plain convolution", new Convolution(CHANNELS, 6, CONVOLUTION, Bias.NONE)),
                Arguments.of("plain convolution with bias", new Convolution(CHANNELS, 6, CONVOLUTION.withStride(2), Bias.LEARNT)),
                Arguments.of("batch norm", new BatchNorm(CHANNELS, Rectifier.RELU, 0.1)),
                Arguments.of("mean of windows", Pooling.average(CHANNELS, 3, 2, 1)),
                Arguments.of("largest of maps", Pooling.globalMax(CHANNELS)),
                Arguments.of("largest and mean of channels", new ChannelPooling(CHANNELS)),
                Arguments.of("SK without ReLU in one branch", new SelectiveKernelConvolution(CHANNELS, 8, List.of(twoBranches(1)),
                        List.of(Rectifier.NONE, Rectifier.RELU), 5, 0.1)),
                Arguments.of("SK of one branch", selective(8, CONVOLUTION)),
                Arguments.of("SK of two branches with stride", selective(8, twoBranches(2))),
                Arguments.of("SK of three branches", selective(8, CONVOLUTION.withGroups(2), CONVOLUTION.withGroups(4).withDilation(2),
                        POINTWISE)),
                Arguments.of("block with an SK middle", block(selective(CHANNELS, twoBranches(1)), null)),
                Arguments.of("block with a grouped middle", block(convolution(CHANNELS, CHANNELS, CONVOLUTION.withGroups(2),
                        Rectifier.RELU), null)),
                Arguments.of("projected block with an SK middle and stride", block(selective(CHANNELS, twoBranches(2)),
                        convolution(CHANNELS, 6, POINTWISE.withStride(2), Rectifier.NONE))),
                Arguments.of("projected block with a grouped middle and stride", block(convolution(CHANNELS, CHANNELS,
                        CONVOLUTION.withGroups(2).withStride(2), Rectifier.RELU),
                        convolution(CHANNELS, 6, POINTWISE.withStride(2), Rectifier.NONE))));
    }

    private static ConvolutionBatchNorm convolution(int inChannels, int outChannels, ConvolutionSpec spec, Rectifier rectifier) {
        return new ConvolutionBatchNorm(inChannels, outChannels, spec, rectifier, 0.1);
    }

    private static SelectiveKernelConvolution selective(int outChannels, ConvolutionSpec... branches) {
        return new SelectiveKernelConvolution(CHANNELS, outChannels, List.of(branches), 5, 0.1);
    }

    private static ConvolutionSpec[] twoBranches(int stride) {
        ConvolutionSpec grouped = CONVOLUTION.withGroups(2).withStride(stride);
        return new ConvolutionSpec[] {grouped, grouped.withDilation(2)};
    }

    private static Bottleneck block(KernelLayer middle, ConvolutionBatchNorm projection) {
        long outChannels = projection == null ? CHANNELS : projection.getNOut();
        return new Bottleneck(convolution(CHANNELS, CHANNELS, POINTWISE, Rectifier.RELU), middle,
                convolution(CHANNELS, (int) outChannels, POINTWISE, Rectifier.NONE), projection);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void theGradientsOfALayerAgreeWithDifferences(String name, KernelLayer layer) {
        ComputationGraph graph = graph(layer);
        // Away from the special values 1 and 0, at which some terms vanish.
        graph.paramTable().forEach((key, value) -> {
            if (key.endsWith("gamma") || key.endsWith("beta")) {
                value.addi(Nd4j.rand(DataType.DOUBLE, value.shape()).subi(0.5));
            }
        });
        INDArray images = Nd4j.randn(DataType.DOUBLE, BATCH, CHANNELS, 6, 5);
        INDArray labels = Nd4j.eye(BATCH).castTo(DataType.DOUBLE);
        Set<String> statistics = graph.paramTable().keySet().stream()
                .filter(key -> key.endsWith("mean") || key.endsWith("variance")).collect(Collectors.toSet());
        assertTrue(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig().net(graph).inputs(new INDArray[] {images})
                .labels(new INDArray[] {labels}).epsilon(1e-6).maxRelError(1e-4).minAbsoluteError(1e-8)
                .print(GradientCheckUtil.PrintMode.FAILURES_ONLY).excludeParams(statistics)), name);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("layers")
    void everyParameterGetsAGradient(String name, KernelLayer layer) {
        ComputationGraph graph = graph(layer);
        graph.setInputs(Nd4j.randn(DataType.DOUBLE, BATCH, CHANNELS, 6, 5));
        graph.setLabels(Nd4j.eye(BATCH).castTo(DataType.DOUBLE));
        graph.computeGradientAndScore();
        graph.gradient().gradientForVariable().forEach((key, gradient) -> {
            // The attention of one branch is constantly 1: nothing before it gets a gradient.
            boolean constant = name.equals("SK of one branch") && key.matches("layer_(fc\\d.weight|bn.gamma|bn.beta)");
            double norm = gradient.norm2Number().doubleValue();
            // What comes before a batch norm need not: a shift of its input changes nothing.
            boolean before = key.startsWith("before");
            assertTrue(constant || before || norm > 0 && Double.isFinite(norm), name + ": gradient of " + key + " has norm " + norm);
        });
    }

    private static ComputationGraph graph(KernelLayer layer) {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder().seed(7).dataType(DataType.DOUBLE)
                .weightInit(WeightInit.RELU).updater(new NoOp()).graphBuilder().addInputs("in")
                .setInputTypes(InputType.convolutional(6, 5, CHANNELS))
                .addLayer("before", convolution(CHANNELS, CHANNELS, POINTWISE, Rectifier.NONE), "in")
                .addLayer("layer", layer, "before")
                .addLayer("gap", Pooling.globalAverage(layer.getOutputType(0, InputType.convolutional(6, 5, CHANNELS)).getShape()[0]),
                        "layer")
                .addLayer("fc", new OutputLayer.Builder(new SmoothedCrossEntropy(0.1)).nOut(BATCH)
                        .activation(Activation.IDENTITY).build(),
                        "gap")
                .setOutputs("fc").build());
        graph.init();
        Nd4j.getRandom().setSeed(11);
        return graph;
    }
}
