package sknet.layer;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import sknet.layer.UnitContext.Constancy;

/** The word of whoever evaluates a network that its parameters stay as they are. */
public final class ConstantParameters {
    private ConstantParameters() {}

    /**
     * Lets a network fold batch norms into convolutions once, and not in every forward pass of evaluation. It holds until the network trains; whoever
     * changes parameters otherwise says it again.
     *
     * @return the network
     */
    public static ComputationGraph in(ComputationGraph network) {
        for (Layer layer : network.getLayers()) {
            if (layer instanceof KernelLayerRuntime runtime) {
                runtime.assume(Constancy.CONSTANT);
            }
        }
        return network;
    }
}
