package sknet.evaluate;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.WeightKind;
import sknet.layer.ConstantParameters;

/** A network as it is broadcast to the executors: its configuration and parameters, without the optimiser's state. */
public record Weights(String configurationJson, float[] parameters) implements Serializable {

    private static final int CHANNELS = 3;

    public static Weights of(Checkpoint checkpoint, WeightKind kind) {
        return new Weights(checkpoint.configurationJson(), checkpoint.weights(kind).data().asFloat());
    }

    /** The network, ready for {@link ComputationGraph#output}. */
    public ComputationGraph network() {
        return networks(1).get(0);
    }

    /** So many networks on the same parameters. */
    List<ComputationGraph> networks(int count) {
        INDArray shared = Nd4j.createFromArray(parameters).reshape(1, parameters.length);
        return Stream.generate(() -> network(shared)).limit(count).toList();
    }

    private ComputationGraph network(INDArray shared) {
        ComputationGraph network = new ComputationGraph(configuration());
        network.init(shared, false);
        return ConstantParameters.in(network);
    }

    /**
     * Whether the network takes images of a size: most do of any that leaves something of their maps.
     *
     * @throws IllegalArgumentException if it does not
     */
    void checkSize(int size) {
        try {
            configuration().getLayerActivationTypes(InputType.convolutional(size, size, CHANNELS));
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("Cannot evaluate at crop size " + size + ": " + e.getMessage() + " (expected a size that the"
                + " network takes)", e);
        }
    }

    private ComputationGraphConfiguration configuration() {
        return ComputationGraphConfiguration.fromJson(configurationJson);
    }
}
