package sknet.model;

import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import sknet.layer.KernelLayer;

/**
 * The size of a network, counted on its built graph.
 *
 * @param trainable      parameters that gradients reach
 * @param withStatistics those and batch norm's running statistics
 * @param multiplyAdds   of convolutions and fully connected layers, for one image
 * @param selectProducts products of Select (equation 6), for one image
 */
public record Complexity(long trainable, long withStatistics, long multiplyAdds, long selectProducts) {

    /**
     * Counts a network.
     *
     * @param configuration a built graph with one input
     * @param image         the type of that input
     */
    public static Complexity of(ComputationGraphConfiguration configuration, InputType image) {
        Map<String, InputType> outputs = configuration.getLayerActivationTypes(image);
        Complexity sum = new Complexity(0, 0, 0, 0);
        for (var vertex : configuration.getVertices().entrySet()) {
            if (vertex.getValue() instanceof LayerVertex layerVertex) {
                String source = configuration.getVertexInputs().get(vertex.getKey()).get(0);
                sum = sum.plus(of(layerVertex.getLayerConf().getLayer(), outputs.get(source)));
            }
        }
        return sum;
    }

    private static Complexity of(Layer layer, InputType input) {
        long parameters = layer.initializer().numParams(layer);
        if (layer instanceof KernelLayer own) {
            return new Complexity(parameters - own.statistics(), parameters, own.multiplyAdds(input), own.selectProducts(input));
        }
        long multiplyAdds = layer instanceof FeedForwardLayer dense ? dense.getNIn() * dense.getNOut() : 0;
        return new Complexity(parameters, parameters, multiplyAdds, 0);
    }

    private Complexity plus(Complexity other) {
        return new Complexity(trainable + other.trainable, withStatistics + other.withStatistics, multiplyAdds
                + other.multiplyAdds,
                selectProducts + other.selectProducts);
    }
}
