package sknet.evaluate;

import java.io.Serializable;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.factory.Nd4j;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.WeightKind;
import sknet.layer.ConstantParameters;

/** A network as it is broadcast to the executors: its configuration and parameters, without the optimiser's state. */
public record Weights(String configurationJson, float[] parameters) implements Serializable {

    public static Weights of(Checkpoint checkpoint, WeightKind kind) {
        return new Weights(checkpoint.configurationJson(), checkpoint.weights(kind).data().asFloat());
    }

    /** The network, ready for {@link ComputationGraph#output}. */
    public ComputationGraph network() {
        ComputationGraph network = new ComputationGraph(ComputationGraphConfiguration.fromJson(configurationJson));
        network.init(Nd4j.createFromArray(parameters).reshape(1, parameters.length), false);
        return ConstantParameters.in(network);
    }
}
