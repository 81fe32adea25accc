package sknet.layer;

import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arithmetic of a layer, or of a part of one: kernels for the present shapes, and what a backward pass needs of the forward pass before it.
 * Activations are packed.
 */
interface LayerUnit {

    /**
     * The forward pass of training.
     *
     * @param output where the result's array comes from
     */
    INDArray forward(UnitContext context, INDArray input, Allocator output);

    /** The forward pass of evaluation. */
    INDArray infer(UnitContext context, INDArray input, Allocator output);

    /**
     * The gradients of the last {@link #forward}; all of this unit's gradient views are written. May overwrite whatever that pass kept.
     *
     * @param input          what it read
     * @param outputGradient may be overwritten
     * @param inputGradient  may be the input's array; null where nobody reads it
     */
    void backward(UnitContext context, INDArray input, INDArray outputGradient, INDArray inputGradient);

    /** The arrays that a forward pass kept, by name, as far as they are of interest; valid without workspaces only. */
    default Map<String, INDArray> kept() {
        return Map.of();
    }

    /** As {@link AttentionSource#attention}; none where the unit does not select. */
    default Optional<INDArray> attention() {
        return Optional.empty();
    }

    /** Takes parameters over again in the next pass of evaluation, where they were kept. */
    default void forgetParameters() {}

    /** Forgets the arrays of the last pass, where any were kept. */
    default void clear() {}
}
