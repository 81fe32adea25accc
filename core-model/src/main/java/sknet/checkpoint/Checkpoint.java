package sknet.checkpoint;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A checkpoint in memory.
 *
 * @param configurationJson the network, as DL4J writes it
 * @param parameters        all parameters with the running statistics, float32 [1, n]
 * @param updaterState      the momentum, float32 [1, m]
 */
public record Checkpoint(CheckpointInfo info, String configurationJson, INDArray parameters, INDArray updaterState) {

    /** A network that goes on where the checkpoint was taken. */
    public ComputationGraph network() {
        ComputationGraph network = new ComputationGraph(ComputationGraphConfiguration.fromJson(configurationJson));
        network.init(parameters, false);
        network.getUpdater().setStateViewArray(updaterState);
        return network;
    }
}
