package sknet.interchange;

import java.util.List;
import java.util.Map;
import onnx.Onnx.AttributeProto;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.Rectifier;

/**
 * A layer, or a part of one, on its way into a graph: nodes and constants are named behind it, as parameters are.
 *
 * @param graph      where it goes
 * @param layer      the layer's name
 * @param parameters the layer's
 * @param prefix     of the parameters that are the part's
 */
record OnnxPart(OnnxGraph graph, String layer, Map<String, INDArray> parameters, String prefix) {

    /** A part of this, whose parameters begin with its name and a point. */
    OnnxPart in(String part) {
        return new OnnxPart(graph, layer, parameters, prefix + part + ".");
    }

    String name(String own) {
        return layer + "." + prefix + own;
    }

    /** A parameter's values in c-order. */
    float[] values(String own) {
        try (INDArray dense = parameters.get(prefix + own).dup('c')) {
            return dense.data().asFloat();
        }
    }

    long[] shape(String own) {
        return parameters.get(prefix + own).shape();
    }

    /** Returns the output's name. */
    String node(String operator, String own, List<String> inputs, AttributeProto... attributes) {
        return graph.node(operator, name(own), inputs, attributes);
    }

    /** A parameter as it is; returns its name in the graph. */
    String constant(String own) {
        return constant(own, values(own), shape(own));
    }

    String constant(String own, float[] values, long... shape) {
        return graph.constant(name(own), values, shape);
    }

    String constant(String own, long... values) {
        return graph.constant(name(own), values);
    }

    String rectified(Rectifier rectifier, String value) {
        return switch (rectifier) {
            case NONE -> value;
            case RELU -> node("Relu", "relu", List.of(value));
        };
    }

    /** Adds values up from the first to the last. */
    String sum(List<String> values) {
        String sum = values.get(0);
        for (int i = 1; i < values.size(); i++) {
            sum = node("Add", i == values.size() - 1 ? "sum" : "sum." + i, List.of(sum, values.get(i)));
        }
        return sum;
    }
}
