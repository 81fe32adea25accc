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
import sknet.layer.Pooling;
import sknet.optimize.ClassicMomentum;
import sknet.optimize.CoupledWeightDecay;
import sknet.optimize.SmoothedCrossEntropy;

/**
 * Turns an {@link Architecture} into a DL4J configuration: input {@code image} [N, 3, size, size], output {@code fc}, the logits.
 *
 * <p>Layers are named by their place, as the {@link Body} says, then {@code gap} and {@code fc}; parameters by their part in it: {@code conv.weight}, {@code bn.gamma}, in a block {@code reduce.conv.weight}, {@code mid.branch0.conv.weight},
 * {@code increase.bn.gamma}, {@code proj.conv.weight} and so on.
 *
 * <p>Weights start He-normal, N(0, 2 / fan-in): the paper names He et al. [8], and fan-in is the default of the Caffe filler in
 * the authors' files. (Those files draw the fully connected weights from N(0, 0.01^2); here He serves all.) The same seed gives
 * the same bits.
 */
public final class NetworkBuilder {
    private static final int IMAGE_CHANNELS = 3;

    /** ND4J takes 0 for "by the clock". */
    private static final long SEED_OF_ZERO = 0x9E3779B97F4A7C15L;

    private final Architecture architecture;
    private final NetworkOptions options;
    private final GraphBuilder graph;

    private NetworkBuilder(Architecture architecture, NetworkOptions options) {
        this.architecture = architecture;
        this.options = options;
        List<Regularization> decay = options.weightDecay() == 0 ? List.of()
                : List.of(new CoupledWeightDecay(options.weightDecay()));
        graph = new NeuralNetConfiguration.Builder()
                .seed(options.seed() == 0 ? SEED_OF_ZERO : options.seed())
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
        graph.addInputs(NetworkGraph.IMAGE).setInputTypes(InputType.convolutional(options.imageSize(), options.imageSize(), IMAGE_CHANNELS));
        NetworkGraph layers = new NetworkGraph(graph, options, "");
        Maps features = architecture.body().build(layers, new Maps(NetworkGraph.IMAGE, IMAGE_CHANNELS));
        Maps means = layers.layer("gap", Pooling.globalAverage(features.channels()), features);
        graph.addLayer("fc", classifier(means.channels()), means.name());
        return graph.setOutputs("fc").build();
    }

    private OutputLayer classifier(long channels) {
        OutputLayer.Builder builder = new OutputLayer.Builder(new SmoothedCrossEntropy(options.labelSmoothing())).nIn(channels)
                .nOut(options.classes()).activation(Activation.IDENTITY);
        return options.decayRule() == DecayRule.WEIGHTS_ONLY ? builder.biasUpdater(updater().withRateFactor(2)).build()
                : builder.build();
    }

    private ClassicMomentum updater() {
        return new ClassicMomentum(options.learningRate(), options.momentum());
    }
}
