package sknet.interchange;

import static sknet.interchange.OnnxGraph.attribute;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import sknet.kernel.Rectifier;
import sknet.layer.ConvolutionSpec;
import sknet.layer.SelectiveKernelConvolution;

/** An SK convolution. Its attention {@code [N, M, C]} is the value {@code LAYER.attention}, for whoever wants to look at it. */
final class OnnxSelection {
    private OnnxSelection() {}

    static String of(SelectiveKernelConvolution layer, OnnxPart part, String input) {
        List<String> branches = new ArrayList<>();
        for (int m = 0; m < layer.branches().size(); m++) {
            OnnxPart branch = part.in("branch" + m);
            branches.add(branch.rectified(layer.rectifiers().get(m), OnnxConvolution.folded(branch, "conv", layer.branches().get(m), input)));
        }
        String fused = part.node("GlobalAveragePool", "fused", List.of(part.in("fuse").sum(branches)));
        String compact = part.rectified(Rectifier.RELU, OnnxConvolution.folded(part, "fc1", ConvolutionSpec.ofKernel(1), fused));
        List<String> gates = gates(part, OnnxConvolution.pointwise(part, "fc2", compact), branches.size(), layer.getNOut());
        OnnxPart select = part.in("select");
        return select.sum(IntStream.range(0, branches.size())
                .mapToObj(m -> select.node("Mul", "branch" + m, List.of(branches.get(m), gates.get(m)))).toList());
    }

    /** Softmax over the branches of logits {@code [N, M * C, 1, 1]}, then a gate {@code [N, C, 1, 1]} a branch. Dimension 0 stays as it is: the batch. */
    private static List<String> gates(OnnxPart part, String logits, int branches, long channels) {
        String apart = part.node("Reshape", "logits", List.of(logits, part.constant("logits.shape", 0, branches, channels)));
        String attention = part.node("Softmax", "attention", List.of(apart), attribute("axis", 1));
        String flat = part.node("Reshape", "gates", List.of(attention, part.constant("gates.shape", 0, branches * channels, 1, 1)));
        List<String> gates = IntStream.range(0, branches).mapToObj(m -> part.name("gate" + m)).toList();
        long[] sizes = Collections.nCopies(branches, channels).stream().mapToLong(Long::longValue).toArray();
        return part.graph().node("Split", gates, List.of(flat, part.constant("gates.sizes", sizes)), attribute("axis", 1));
    }
}
