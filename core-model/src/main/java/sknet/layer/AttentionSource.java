package sknet.layer;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A running layer that selects among branches, as {@code graph.getLayer(name)} returns it. */
public interface AttentionSource {

    /** A copy of the attention weights {@code [N, M, C]} of the last forward pass (equation 5); they sum to 1 over M. */
    INDArray attention();
}
