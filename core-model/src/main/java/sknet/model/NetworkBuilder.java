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
import sknet.layer.Bottleneck;
import sknet.layer.ConvolutionBatchNorm;
import sknet.layer.ConvolutionSpec;
import sknet.layer.KernelLayer;
import sknet.layer.Pooling;
import sknet.optimize.ClassicMomentum;
import sknet.optimize.CoupledWeightDecay;
import sknet.optimize.SmoothedCrossEntropy;

/**
 * Turns an {@link Architecture} into a DL4J configuration: input {@code image} [N, 3, size, size], output {@code fc}, the logits.
 *
 * <p>Layers are named by their place: {@code stem}, {@code pool}, {@code stages.s.b} for block b of stage s, {@code gap}, {@code fc}; parameters
 * by their part in it: {@code conv.weight}, {@code bn.gamma}, in a block {@code reduce.conv.weight}, {@code mid.branch0.conv.weight},
 * {@code increase.bn.gamma}, {@code proj.conv.weight} and so on.
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
        graph.addLayer("stem", convolution(IMAGE_CHANNELS, stem.channels(), stem.convolution(), Rectifier.RELU)
                .first(options.inputGradient(), options.precision().type()), "image");
        String last = "stem";
        if (stem.pooling() == Stem.Pooling.MAX) {
            graph.addLayer("pool", Pooling.max(stem.channels(), 3, 2, 1), last);
            last = "pool";
        }
        int channels = stem.channels();
        for (int s = 0; s < architecture.stages().size(); s++) {
            Stage stage = architecture.stages().get(s);
            for (int b = 0; b < stage.blocks(); b++) {
                String name = "stages." + s + "." + b;
                graph.addLayer(name, block(channels, stage, b == 0 ? stage.stride() : 1), last);
                last = name;
                channels = stage.outChannels();
            }
        }
        graph.addLayer("gap", Pooling.globalAverage(channels), last);
        graph.addLayer("fc", classifier(channels), "gap");
        return graph.setOutputs("fc").build();
    }

    private Bottleneck block(int channels, Stage stage, int stride) {
        ConvolutionSpec pointwise = ConvolutionSpec.ofKernel(1);
        boolean reshapes = stride != 1 || channels != stage.outChannels();
        return new Bottleneck(convolution(channels, stage.width(), pointwise, Rectifier.RELU), middle(stage, stride),
                convolution(stage.width(), stage.outChannels(), pointwise, Rectifier.NONE),
                reshapes ? convolution(channels, stage.outChannels(), pointwise.withStride(stride), Rectifier.NONE) : null);
    }

    private KernelLayer middle(Stage stage, int stride) {
        if (stage.middle() instanceof Middle.SelectiveKernel selective) {
            return selective.layer(stage.width(), stride, options.batchNormMomentum());
        }
        int groups = ((Middle.Grouped) stage.middle()).groups();
        return convolution(stage.width(), stage.width(), ConvolutionSpec.ofKernel(3).withStride(stride).withGroups(groups), Rectifier.RELU);
    }

    private ConvolutionBatchNorm convolution(int inChannels, int outChannels, ConvolutionSpec spec, Rectifier rectifier) {
        return new ConvolutionBatchNorm(inChannels, outChannels, spec, rectifier, options.batchNormMomentum());
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
