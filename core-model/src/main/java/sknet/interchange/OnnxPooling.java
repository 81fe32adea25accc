package sknet.interchange;

import static sknet.interchange.OnnxGraph.attribute;

import java.util.Collections;
import java.util.List;
import onnx.Onnx.AttributeProto;
import sknet.layer.ChannelPooling;
import sknet.layer.Pooling;

/** What pools pixels, or channels. */
final class OnnxPooling {
    private static final int SIDES = 4;

    private OnnxPooling() {}

    static String of(Pooling layer, OnnxPart part, String input) {
        String pooled = switch (layer.method()) {
            case MAX -> part.node("MaxPool", "pool", List.of(input), window(layer));
            case AVERAGE -> part.node("AveragePool", "pool", List.of(input), window(layer));
            case GLOBAL_AVERAGE -> part.node("GlobalAveragePool", "pool", List.of(input));
            case GLOBAL_MAX -> part.node("GlobalMaxPool", "pool", List.of(input));
        };
        return switch (layer.output()) {
            case MAPS -> pooled;
            case VECTORS -> part.node("Flatten", "flat", List.of(pooled), attribute("axis", 1));
        };
    }

    /** AveragePool's default is not to count padding, as in ours. */
    private static AttributeProto[] window(Pooling layer) {
        return new AttributeProto[] {attribute("kernel_shape", Collections.nCopies(2, (long) layer.kernel())),
            attribute("strides", Collections.nCopies(2, (long) layer.stride())), attribute("pads", Collections.nCopies(SIDES, (long) layer.padding()))};
    }

    /** The largest first, as {@link ChannelPooling} says. */
    static String ofChannels(OnnxPart part, String input) {
        String largest = part.node("ReduceMax", "max", List.of(input), attribute("axes", List.of(1L)), attribute("keepdims", 1));
        String mean = part.node("ReduceMean", "mean", List.of(input), attribute("axes", List.of(1L)), attribute("keepdims", 1));
        return part.node("Concat", "both", List.of(largest, mean), attribute("axis", 1));
    }
}
