package sknet.layer;

import java.util.function.LongConsumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;

/** How far a backward pass has come. */
public final class ReadyGradients {
    private ReadyGradients() {}

    /**
     * Lets a listener know, whenever an own layer's backward pass ends, from which element on the flattened gradient is final: DL4J computes it in the
     * order of the flattened vector, from the end to the beginning. It is called on the computing thread, and takes the place of an earlier one. What other
     * layers before the first own one have is final when {@link ComputationGraph#computeGradientAndScore} returns.
     */
    public static void tell(ComputationGraph network, LongConsumer listener) {
        long start = 0;
        for (int index : network.topologicalSortOrder()) {
            GraphVertex vertex = network.getVertices()[index];
            if (vertex.getLayer() instanceof KernelLayerRuntime runtime) {
                runtime.tellReady(start, listener);
            }
            start += vertex.numParams();
        }
    }
}
