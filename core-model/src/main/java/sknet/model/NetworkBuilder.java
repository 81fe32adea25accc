package sknet.model;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.regularization.Regularization;
import sknet.kernel.Rectifier;
import sknet.layer.BatchNorm;
import sknet.layer.Convolution;
import sknet.layer.ConvolutionSpec;
import sknet.layer.InputGradient;
import sknet.layer.Pooling;
import sknet.layer.ResidualSum;
import sknet.optimize.ClassicMomentum;
import sknet.optimize.CoupledWeightDecay;
import sknet.optimize.SmoothedCrossEntropy;

/**
 * Turns an {@link Architecture} into a DL4J configuration: input {@code image} [N, 3, size, size], output {@code fc}, the logits.
 *
 * <p>Vertices are named by their place: {@code stem.conv}, {@code stem.bn}, {@code pool}, then for block b of stage s {@code
 * stages.s.b.reduce.conv}, {@code .reduce.bn}, {@code .mid} (or {@code .mid.conv}, {@code .mid.bn}), {@code .increase.conv},
 * {@code .increase.bn}, {@code .proj.conv}, {@code .proj.bn} and {@code stages.s.b} for its sum; {@code gap}, {@code fc}.
 *
 * <p>Weights start He-normal, N(0, 2 / fan-in): the paper names He et al. [8], and fan-in is the default of the Caffe filler in
 * the authors' files. (Those files draw the fully connected weights from N(0, 0.01^2); here He serves all.) The same seed gives
 * the same bits.
 */
public final class NetworkBuilder {
    private static final int IMAGE_CHANNELS = 3;

    private final Architecture architecture;
    private final NetworkOptions options;
    private final GraphBuilder graph;

    private NetworkBuilder(Architecture architecture, NetworkOptions options) {
        this.architecture = architecture;
        this.options = options;
        List<Regularization> decay = options.weightDecay() == 0 ? List.of()
                : List.of(new CoupledWeightDecay(options.weightDecay()));
        graph = new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .dataType(DataType.FLOAT)
                .weightInit(WeightInit.RELU)
                .updater(updater())
                .regularization(decay)
                .regularizationBias(options.decayRule() == DecayRule.ALL ? decay : List.of())
                .graphBuilder();
    }

    /** The configuration, ready for {@code new ComputationGraph(...).init()}. */
    public static ComputationGraphConfiguration build(Architecture architecture, NetworkOptions options) {
        return new NetworkBuilder(architecture, options).build();
    }

    private ComputationGraphConfiguration build() {
        graph.addInputs("image").setInputTypes(InputType.convolutional(options.imageSize(), options.imageSize(), IMAGE_CHANNELS));
        Stem stem = architecture.stem();
        String last = convolution("stem", "image", new Convolution(IMAGE_CHANNELS, stem.channels(), stem.convolution(),
                options.inputGradient()), Rectifier.RELU);
        if (stem.pooling() == Stem.Pooling.MAX) {
            graph.addLayer("pool", Pooling.max(stem.channels(), 3, 2, 1), last);
            last = "pool";
        }
        int channels = stem.channels();
        for (int s = 0; s < architecture.stages().size(); s++) {
            Stage stage = architecture.stages().get(s);
            for (int b = 0; b < stage.blocks(); b++) {
                last = block("stages." + s + "." + b, last, channels, stage, b == 0 ? stage.stride() : 1);
                channels = stage.outChannels();
            }
        }
        graph.addLayer("gap", Pooling.globalAverage(channels), last);
        graph.addLayer("fc", classifier(channels), "gap");
        return graph.setOutputs("fc").build();
    }

    /** Adds a bottleneck block and returns the name of its output. */
    private String block(String name, String input, int channels, Stage stage, int stride) {
        String reduced = convolution(name + ".reduce", input, pointwise(channels, stage.width(), 1), Rectifier.RELU);
        String middle = middle(name + ".mid", reduced, stage, stride);
        String increased = convolution(name + ".increase", middle, pointwise(stage.width(), stage.outChannels(), 1),
                Rectifier.NONE);
        String shortcut = input;
        if (stride != 1 || channels != stage.outChannels()) {
            shortcut = convolution(name + ".proj", input, pointwise(channels, stage.outChannels(), stride), Rectifier.NONE);
        }
        graph.addVertex(name, new ResidualSum(), increased, shortcut);
        return name;
    }

    private String middle(String name, String input, Stage stage, int stride) {
        if (stage.middle() instanceof Middle.SelectiveKernel selective) {
            graph.addLayer(name, selective.layer(stage.width(), stride, options.batchNormMomentum()), input);
            return name;
        }
        int groups = ((Middle.Grouped) stage.middle()).groups();
        return convolution(name, input, new Convolution(stage.width(), stage.width(),
                ConvolutionSpec.ofKernel(3).withStride(stride).withGroups(groups)), Rectifier.RELU);
    }

    /** Adds a convolution and its batch norm and returns the name of the latter. */
    private String convolution(String name, String input, Convolution convolution, Rectifier rectifier) {
        graph.addLayer(name + ".conv", convolution, input);
        graph.addLayer(name + ".bn", new BatchNorm(convolution.getNOut(), rectifier, options.batchNormMomentum()), name
                + ".conv");
        return name + ".bn";
    }

    private static Convolution pointwise(int inChannels, int outChannels, int stride) {
        return new Convolution(inChannels, outChannels, ConvolutionSpec.ofKernel(1).withStride(stride), InputGradient.COMPUTED);
    }

    private OutputLayer classifier(int channels) {
        OutputLayer.Builder builder = new OutputLayer.Builder(new SmoothedCrossEntropy(options.labelSmoothing())).nIn(channels)
                .nOut(options.classes()).activation(Activation.IDENTITY);
        return options.decayRule() == DecayRule.WEIGHTS_ONLY ? builder.biasUpdater(updater().withRateFactor(2)).build()
                : builder.build();
    }

    private ClassicMomentum updater() {
        return new ClassicMomentum(options.learningRate(), options.momentum());
    }
}
