package sknet.model;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * The size of a network, counted on its built graph.
 *
 * @param trainable      parameters that gradients reach
 * @param withStatistics those and batch norm's running statistics
 * @param multiplyAdds   of convolutions and fully connected layers, for one image
 * @param products       of maps with weights, for one image: Select's (equation 6), a value a branch, and those of other attention, a value
 * @param activations    values of the activations that training keeps for the backward pass, for one image
 */
public record Complexity(long trainable, long withStatistics, long multiplyAdds, long products, long activations) {

    /**
     * Counts a network.
     *
     * @param configuration a built graph with one input
     * @param image         the type of that input
     */
    public static Complexity of(ComputationGraphConfiguration configuration, InputType image) {
        return of(LayerSize.of(configuration, image));
    }

    /** The sum of all layers. */
    public static Complexity of(List<LayerSize> layers) {
        return layers.stream().map(LayerSize::complexity).reduce(new Complexity(0, 0, 0, 0, 0), Complexity::plus);
    }

    private Complexity plus(Complexity other) {
        return new Complexity(trainable + other.trainable, withStatistics + other.withStatistics, multiplyAdds + other.multiplyAdds,
                products + other.products, activations + other.activations);
    }
}
