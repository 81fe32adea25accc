package sknet.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import sknet.layer.Gate;
import sknet.layer.KernelLayer;

/**
 * One layer of a built graph.
 *
 * @param name       of the layer
 * @param kind       its class
 * @param inputs     the layers that it reads
 * @param output     the shape for one image: C, H, W or C
 * @param complexity its own
 */
public record LayerSize(String name, String kind, List<String> inputs, List<Long> output, Complexity complexity) {

    /** All layers but the input, in the order in which they were declared: each behind those that it reads. */
    public static List<LayerSize> of(ComputationGraphConfiguration configuration, InputType image) {
        Map<String, InputType> outputs = configuration.getLayerActivationTypes(image);
        List<LayerSize> layers = new ArrayList<>();
        configuration.getVertices().forEach((name, vertex) -> layers.add(of(name, vertex, configuration.getVertexInputs().get(name), outputs)));
        return layers;
    }

    private static LayerSize of(String name, GraphVertex vertex, List<String> inputs, Map<String, InputType> outputs) {
        InputType output = outputs.get(name);
        long values = output.arrayElementsPerExample();
        if (vertex instanceof LayerVertex layerVertex) {
            Layer layer = layerVertex.getLayerConf().getLayer();
            return new LayerSize(name, layer.getClass().getSimpleName(), inputs, shape(output), of(layer, outputs.get(inputs.get(0)), values));
        }
        return new LayerSize(name, vertex.getClass().getSimpleName(), inputs, shape(output),
                new Complexity(0, 0, 0, vertex instanceof Gate ? values : 0, values));
    }

    private static Complexity of(Layer layer, InputType input, long values) {
        long parameters = layer.initializer().numParams(layer);
        if (layer instanceof KernelLayer own) {
            return new Complexity(parameters - own.statistics(), parameters, own.multiplyAdds(input), own.selectProducts(input), own.activations(input));
        }
        long multiplyAdds = layer instanceof FeedForwardLayer dense ? dense.getNIn() * dense.getNOut() : 0;
        return new Complexity(parameters, parameters, multiplyAdds, 0, values);
    }

    private static List<Long> shape(InputType output) {
        if (output instanceof InputType.InputTypeConvolutional maps) {
            return List.of(maps.getChannels(), maps.getHeight(), maps.getWidth());
        }
        return List.of(output.arrayElementsPerExample());
    }
}
