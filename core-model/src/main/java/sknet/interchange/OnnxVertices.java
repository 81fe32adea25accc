package sknet.interchange;

import static sknet.interchange.OnnxGraph.attribute;

import java.util.List;
import java.util.stream.IntStream;
import sknet.layer.ChannelGather;
import sknet.layer.Gate;
import sknet.layer.KernelVertex;
import sknet.layer.PixelStack;
import sknet.layer.Resize;
import sknet.layer.Sum;

/** Vertices of every kind: what has several inputs, and no parameters. */
final class OnnxVertices {
    private OnnxVertices() {}

    /** Adds a vertex's nodes; returns the name of its output. */
    static String of(KernelVertex vertex, OnnxPart part, List<String> inputs) {
        if (vertex instanceof ChannelGather gather) {
            return OnnxGather.of(gather, part, inputs);
        } else if (vertex instanceof Sum sum) {
            return sum(sum, part, inputs);
        } else if (vertex instanceof Gate gate) {
            return part.node("Mul", "gated", List.of(inputs.get(0), opened(gate, part, inputs.get(1))));
        } else if (vertex instanceof Resize) {
            return resize(part, inputs.get(0), inputs.get(1));
        } else if (vertex instanceof PixelStack) {
            return part.node("Concat", "stack", inputs, attribute("axis", 2));
        }
        throw new IllegalArgumentException("Cannot export vertex " + part.layer() + ": " + vertex.getClass().getSimpleName()
                + " (expected a kind that ONNX files have been given)");
    }

    private static String sum(Sum sum, OnnxPart part, List<String> inputs) {
        List<String> products = IntStream.range(0, inputs.size()).mapToObj(i -> times(part, i, inputs.get(i), sum.factors().get(i))).toList();
        return part.rectified(sum.rectifier(), part.sum(products));
    }

    private static String times(OnnxPart part, int i, String value, double factor) {
        return factor == 1 ? value : part.node("Mul", "product" + i, List.of(value, scalar(part, "factor" + i, factor)));
    }

    private static String opened(Gate gate, OnnxPart part, String logits) {
        return switch (gate.opening()) {
            case LINEAR -> logits;
            case SIGMOID -> part.node("Sigmoid", "sigmoid", List.of(logits));
            case ONE_PLUS_SIGMOID -> part.node("Add", "opened", List.of(part.node("Sigmoid", "sigmoid", List.of(logits)), scalar(part, "one", 1)));
        };
    }

    private static String scalar(OnnxPart part, String own, double value) {
        return part.constant(own, new float[] {(float) value});
    }

    /** Batch and channels are the first input's, rows and columns the second's. Resize's other inputs, region and scales, are left out. */
    private static String resize(OnnxPart part, String maps, String like) {
        String kept = part.node("Shape", "kept", List.of(maps), attribute("end", 2));
        String size = part.node("Shape", "size", List.of(like), attribute("start", 2));
        String sizes = part.node("Concat", "sizes", List.of(kept, size), attribute("axis", 0));
        return part.node("Resize", "resized", List.of(maps, "", "", sizes), attribute("mode", "linear"),
                attribute("coordinate_transformation_mode", "align_corners"));
    }
}
