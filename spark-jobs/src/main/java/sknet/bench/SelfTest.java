package sknet.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.KernelProvider;
import sknet.kernel.Kernels;
import sknet.kernel.Rectifier;
import sknet.layer.BatchNorm;
import sknet.layer.Bottleneck;
import sknet.layer.ChannelGather;
import sknet.layer.ChannelPooling;
import sknet.layer.Convolution;
import sknet.layer.Convolution.Bias;
import sknet.layer.ConvolutionBatchNorm;
import sknet.layer.ConvolutionSpec;
import sknet.layer.Gate;
import sknet.layer.Gate.Opening;
import sknet.layer.InputGradient;
import sknet.layer.KernelLayer;
import sknet.layer.KernelVertex;
import sknet.layer.Pooling;
import sknet.layer.Resize;
import sknet.layer.SelectiveKernelConvolution;
import sknet.layer.Sum;
import sknet.model.Precision;

/**
 * Compares every kind of layer and vertex, as this machine computes it, with the same in float64, which the portable kernels compute: outputs of training and
 * evaluation, and all gradients.
 *
 * @param precision of the activations
 */
public record SelfTest(Precision precision) {
    private static final double MOMENTUM = 0.1;
    private static final int SEED = 5;
    private static final String INPUT = "in";
    private static final String TESTED = "layer";

    /**
     * A layer, or a vertex behind the layers that it reads, and the input.
     *
     * @param layers   adds them: the last is {@value #TESTED}, the input {@value #INPUT}
     * @param channels of the input
     * @param size     rows and columns of the input
     */
    private record Subject(String name, Consumer<GraphBuilder> layers, int channels, int size) {

        Subject(String name, KernelLayer layer, int channels, int size) {
            this(name, builder -> builder.addLayer(TESTED, layer.clone(), INPUT), channels, size);
        }

        /** A vertex that reads a convolution and what another layer makes of the same input. */
        Subject(String name, KernelVertex vertex, KernelLayer other, int channels, int size) {
            this(name, builder -> builder.addLayer("first", convolution(channels, channels, ConvolutionSpec.ofKernel(3)), INPUT)
                .addLayer("second", other.clone(), INPUT).addVertex(TESTED, vertex, "first", "second"), channels, size);
        }
    }

    /**
     * What came out for one layer.
     *
     * @param layer that was tested
     * @param worst what differs most: the output, or a gradient
     * @param error Euclidean norm of the difference, as a share of the expected one's
     * @param limit that it may have
     */
    public record Finding(String layer, String worst, double error, double limit) {

        /** Whether it holds; not for NaN. */
        public boolean passed() {
            return error <= limit;
        }
    }

    /** Hears of every finding. */
    @FunctionalInterface
    public interface Listener {
        void found(Finding finding);
    }

    /** Tests all layers. */
    public List<Finding> run(Listener listener) {
        List<Finding> findings = new ArrayList<>();
        List<Subject> subjects = subjects(precision);
        List<Subject> references = subjects(Precision.FP32);
        for (int i = 0; i < subjects.size(); i++) {
            findings.add(test(subjects.get(i), references.get(i)));
            listener.found(findings.get(i));
        }
        return findings;
    }

    /** As {@code sknet.model} puts them together, on smaller maps. */
    private static List<Subject> subjects(Precision precision) {
        ConvolutionSpec pointwise = ConvolutionSpec.ofKernel(1);
        ConvolutionSpec window = ConvolutionSpec.ofKernel(3);
        ConvolutionSpec grouped = window.withGroups(32);
        return List.of(
            new Subject("stem 7x7, stride 2", convolution(3, 64, ConvolutionSpec.ofKernel(7).withStride(2))
                .first(InputGradient.SKIPPED, precision.type()), 3, 32),
            new Subject("convolution 1x1", convolution(64, 128, pointwise), 64, 14),
            new Subject("convolution 1x1, stride 2", convolution(64, 128, pointwise.withStride(2)), 64, 14),
            new Subject("convolution 3x3", convolution(32, 48, window), 32, 9),
            new Subject("grouped convolution 3x3, 4 channels a group", convolution(128, 128, grouped), 128, 14),
            new Subject("grouped convolution 3x3, 16 channels a group, stride 2", convolution(512, 512, grouped.withStride(2)), 512, 8),
            new Subject("grouped and dilated convolution 3x3", convolution(256, 256, grouped.withDilation(2)), 256, 14),
            new Subject("grouped and dilated convolution 3x3, stride 2", convolution(256, 256, grouped.withDilation(2).withStride(2)), 256, 14),
            new Subject("SK convolution of 2 branches", selective(128, grouped, grouped.withDilation(2)), 128, 14),
            new Subject("SK convolution of 3 branches", selective(64, grouped, grouped.withDilation(2), grouped.withDilation(3)), 64, 14),
            new Subject("SK convolution of 3x3 and 1x1", selective(64, window.withGroups(16), pointwise.withGroups(16)), 64, 8),
            new Subject("bottleneck with an SK convolution", new Bottleneck(convolution(64, 32, pointwise), selective(32, window.withGroups(8),
                window.withGroups(8).withDilation(2)), increase(32, 64, pointwise), null), 64, 14),
            new Subject("bottleneck with a projection, stride 2", new Bottleneck(convolution(64, 64, pointwise),
                convolution(64, 64, grouped.withStride(2)), increase(64, 128, pointwise), increase(64, 128, pointwise.withStride(2))), 64, 14),
            new Subject("largest value of 3x3, stride 2", Pooling.max(64, 3, 2, 1), 64, 14),
            new Subject("mean of maps", Pooling.globalAverage(64), 64, 7),
            new Subject("depthwise convolution 3x3, stride 2", convolution(116, 116, window.withGroups(116).withStride(2)), 116, 14),
            new Subject("convolution 1x7", convolution(64, 48, ConvolutionSpec.ofKernel(1, 7)), 64, 9),
            new Subject("convolution 3x3 without padding, stride 2", convolution(64, 48, window.withStride(2).withoutPadding()), 64, 9),
            new Subject("convolution with bias", new Convolution(64, 48, pointwise, Bias.LEARNT), 64, 9),
            new Subject("convolution to one channel", convolution(64, 1, pointwise), 64, 9),
            new Subject("convolution with bias to one channel", new Convolution(64, 1, window, Bias.LEARNT), 64, 9),
            new Subject("batch norm", new BatchNorm(58, Rectifier.RELU, MOMENTUM), 58, 14),
            new Subject("mean of 3x3", Pooling.average(64, 3, 1, 1), 64, 14),
            new Subject("largest value of maps", Pooling.globalMax(64), 64, 7),
            new Subject("largest and mean value of channels", new ChannelPooling(64), 64, 7),
            new Subject("sum", Sum.of(2, Rectifier.RELU), convolution(64, 64, pointwise), 64, 14),
            new Subject("gate a map", new Gate(Opening.SIGMOID), Pooling.squeeze(64), 64, 14),
            new Subject("gate a value", new Gate(Opening.ONE_PLUS_SIGMOID), convolution(64, 64, pointwise), 64, 14),
            new Subject("concatenation", ChannelGather.concatenation(List.of(64L, 40L)), convolution(64, 40, pointwise), 64, 14),
            new Subject("channels by turns", ChannelGather.interleaving(2, 58), convolution(58, 58, pointwise), 58, 14),
            new Subject("interpolation", new Resize(), convolution(64, 32, ConvolutionSpec.ofKernel(5).withoutPadding()), 64, 14));
    }

    private static ConvolutionBatchNorm convolution(int from, int to, ConvolutionSpec spec) {
        return new ConvolutionBatchNorm(from, to, spec, Rectifier.RELU, MOMENTUM);
    }

    private static ConvolutionBatchNorm increase(int from, int to, ConvolutionSpec spec) {
        return new ConvolutionBatchNorm(from, to, spec, Rectifier.NONE, MOMENTUM);
    }

    private static SelectiveKernelConvolution selective(int channels, ConvolutionSpec... branches) {
        return new SelectiveKernelConvolution(channels, channels, List.of(branches), 32, MOMENTUM);
    }

    private Finding test(Subject subject, Subject inFloat64) {
        Nd4j.getRandom().setSeed(SEED);
        ComputationGraph reference = graph(inFloat64, DataType.DOUBLE);
        ComputationGraph tested = graph(subject, DataType.FLOAT);
        INDArray parameters = Nd4j.randn(DataType.FLOAT, 1, Math.max(1, tested.numParams())).mul(0.1);
        if (tested.numParams() > 0) {
            // Variances are positive, and a norm's scale is not 0.
            tested.setParams(parameters);
            tested.paramTable().forEach((name, value) -> {
                if (name.endsWith("gamma") || name.endsWith("variance")) {
                    value.addi(1);
                }
            });
            reference.setParams(tested.params().castTo(DataType.DOUBLE));
            reference.initGradientsView();
            tested.initGradientsView();
        }
        INDArray images = rounded(Nd4j.randn(DataType.FLOAT, 4, subject.channels, subject.size, subject.size));
        Map<String, INDArray> expected = results(reference, images.castTo(DataType.DOUBLE));
        Map<String, INDArray> found = results(tested, subject.channels == 3 ? images : images.castTo(precision.type()));
        Finding worst = new Finding(subject.name, "nothing", 0, limit("output"));
        for (Map.Entry<String, INDArray> entry : expected.entrySet()) {
            Finding finding = new Finding(subject.name, entry.getKey(), error(entry.getValue(), found.get(entry.getKey())), limit(entry.getKey()));
            // Not "above the worst": NaN is the worst of all.
            if (!(finding.error / finding.limit <= worst.error / worst.limit)) {
                worst = finding;
            }
        }
        return worst;
    }

    /** In bfloat16 about one value of 500 rounds to the other side of a rectifier's zero, and its gradient is another altogether. */
    private double limit(String result) {
        if (precision == Precision.FP32) {
            return 1e-4;
        }
        return result.startsWith("output") ? 2e-2 : 0.2;
    }

    /** Values that both precisions hold exactly. */
    private INDArray rounded(INDArray values) {
        return values.castTo(precision.type()).castTo(DataType.FLOAT);
    }

    private static ComputationGraph graph(Subject subject, DataType type) {
        GraphBuilder builder = new NeuralNetConfiguration.Builder().seed(SEED).dataType(type).weightInit(WeightInit.RELU)
            .trainingWorkspaceMode(WorkspaceMode.NONE).inferenceWorkspaceMode(WorkspaceMode.NONE).graphBuilder().addInputs(INPUT)
            .setInputTypes(InputType.convolutional(subject.size, subject.size, subject.channels));
        subject.layers.accept(builder);
        ComputationGraph graph = new ComputationGraph(builder.setOutputs(TESTED).build());
        graph.init();
        return graph;
    }

    /** Everything that a layer computes, in plain order and float64. */
    private Map<String, INDArray> results(ComputationGraph graph, INDArray images) {
        Kernels kernels = KernelProvider.kernels();
        Map<String, INDArray> results = new LinkedHashMap<>();
        INDArray packed = kernels.packed(images);
        results.put("output of evaluation", plain(kernels, graph.outputSingle(false, packed)));
        INDArray output = graph.feedForward(new INDArray[] {packed}, true, false).get(TESTED);
        results.put("output", plain(kernels, output));
        Nd4j.getRandom().setSeed(SEED);
        INDArray cotangent = packed(kernels, rounded(Nd4j.randn(DataType.FLOAT, output.shape())).castTo(output.dataType()));
        if (graph.getVertex(TESTED).hasLayer()) {
            var gradients = graph.getLayer(TESTED).backpropGradient(cotangent, LayerWorkspaceMgr.noWorkspaces());
            put(gradients.getFirst(), results);
            if (gradients.getSecond() != null) {
                results.put("gradient of the input", plain(kernels, gradients.getSecond()));
            }
        } else {
            put(graph.backpropGradient(cotangent), results);
        }
        return results;
    }

    private static void put(Gradient gradients, Map<String, INDArray> results) {
        gradients.gradientForVariable().forEach((name, value) -> results.put("gradient of " + name, value.castTo(DataType.DOUBLE)));
    }

    private static INDArray packed(Kernels kernels, INDArray array) {
        return array.rank() == 4 ? kernels.packed(array) : array;
    }

    private static INDArray plain(Kernels kernels, INDArray array) {
        return (array.rank() == 4 ? kernels.plain(array) : array).castTo(DataType.DOUBLE);
    }

    private static double error(INDArray expected, INDArray found) {
        return found.sub(expected).norm2Number().doubleValue() / Math.max(expected.norm2Number().doubleValue(), Double.MIN_NORMAL);
    }
}
