package sknet.checkpoint;

import java.util.Optional;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A checkpoint in memory.
 *
 * @param configurationJson the network, as DL4J writes it
 * @param parameters        all parameters with the running statistics, float32 [1, n]
 * @param updaterState      the momentum, float32 [1, m]
 * @param averages          the moving average of the parameters, float32 [1, n], where the run keeps one
 */
public record Checkpoint(CheckpointInfo info, String configurationJson, INDArray parameters, INDArray updaterState, Optional<INDArray> averages) {

    /** The averages where there are any. */
    public WeightKind preferredWeights() {
        return averages.isPresent() ? WeightKind.AVERAGE : WeightKind.RAW;
    }

    /**
     * The weights to evaluate, float32 [1, n].
     *
     * @throws IllegalArgumentException for averages that it does not have
     */
    public INDArray weights(WeightKind kind) {
        return switch (kind) {
            case RAW -> parameters;
            case AVERAGE -> averages.orElseThrow(() -> new IllegalArgumentException("Cannot use the average of the weights: the checkpoint of step "
                + info.position().step() + " has none (expected raw weights, or a run with optimizer.ema-decay above 0)"));
        };
    }

    /** A network that goes on where the checkpoint was taken. */
    public ComputationGraph network() {
        ComputationGraph network = network(WeightKind.RAW);
        network.getUpdater().setStateViewArray(updaterState);
        return network;
    }

    /** A network to evaluate, on the {@link #weights} themselves. */
    public ComputationGraph network(WeightKind kind) {
        ComputationGraph network = new ComputationGraph(ComputationGraphConfiguration.fromJson(configurationJson));
        network.init(weights(kind), false);
        return network;
    }
}
