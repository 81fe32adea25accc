package sknet.model;

import java.util.List;
import sknet.kernel.Rectifier;
import sknet.layer.Convolution.Bias;
import sknet.layer.ConvolutionSpec;

/**
 * Dual Path Networks (Chen et al., 2017), baselines of Tables 2 and S9, as in the authors' settings: each block adds to a residual path and appends to
 * a dense one. Layers are named {@code stages.s.b}. (Table S9 prints "32x4d" for DPN-98; its 61.57M are those of the authors' 40x4d.)
 *
 * @param stem       channels and kernel of the first convolution
 * @param groups     of the 3x3 convolutions
 * @param width      of the first stage's 3x3 convolutions; doubles from stage to stage
 * @param residual   channels of the first stage's residual path; double from stage to stage
 * @param blocks     of each stage
 * @param increments channels that a block of each stage appends
 */
record DualPathNet(Stem stem, int groups, int width, int residual, List<Integer> blocks, List<Integer> increments) implements Body {
    private static final ConvolutionSpec POINTWISE = ConvolutionSpec.ofKernel(1);

    static Architecture dpn68() {
        return imageNet("dpn-68", 3, 10, 32, 128, 64, List.of(3, 4, 12, 3), List.of(16, 32, 32, 64));
    }

    static Architecture dpn92() {
        return imageNet("dpn-92", 7, 64, 32, 96, 256, List.of(3, 4, 20, 3), List.of(16, 32, 24, 128));
    }

    static Architecture dpn98() {
        return imageNet("dpn-98", 7, 96, 40, 160, 256, List.of(3, 6, 20, 3), List.of(16, 32, 32, 128));
    }

    private static Architecture imageNet(String name, int kernel, int channels, int groups, int width, int residual, List<Integer> blocks,
                                         List<Integer> increments) {
        Stem stem = new Stem(ConvolutionSpec.ofKernel(kernel).withStride(2), channels, Stem.Pooling.MAX);
        return new Architecture(name, 224, new DualPathNet(stem, groups, width, residual, blocks, increments));
    }

    /** The two paths between blocks. */
    private record Paths(Maps residual, Maps dense) {}

    @Override
    public Maps build(NetworkGraph graph, Maps image) {
        Maps input = stem.build(graph, image);
        Paths paths = null;
        for (int s = 0; s < blocks.size(); s++) {
            for (int b = 0; b < blocks.get(s); b++) {
                NetworkGraph block = graph.in("stages." + s + "." + b);
                int stride = s > 0 && b == 0 ? 2 : 1;
                paths = block(block, input, b == 0 ? projected(block, input, s, stride) : paths, s, stride);
                input = block.concatenate("concat", paths.residual, paths.dense);
            }
        }
        return graph.batchNorm("norm", input);
    }

    /** The paths of a stage's first block, by a projection of its own norm. */
    private Paths projected(NetworkGraph block, Maps input, int stage, int stride) {
        long channels = (long) residual << stage;
        long appended = 2L * increments.get(stage);
        Maps both = block.linear("proj", block.batchNorm("projnorm", input), channels + appended, POINTWISE.withStride(stride), Bias.NONE);
        return new Paths(block.slice("proj.residual", both, 0, channels), block.slice("proj.dense", both, channels, appended));
    }

    private Paths block(NetworkGraph block, Maps input, Paths paths, int stage, int stride) {
        long channels = (long) residual << stage;
        long inner = (long) width << stage;
        long appended = increments.get(stage);
        Maps reduced = block.convolution("reduce", block.batchNorm("norm", input), inner, POINTWISE, Rectifier.RELU);
        Maps middle = block.convolution("mid", reduced, inner, ConvolutionSpec.ofKernel(3).withStride(stride).withGroups(groups), Rectifier.RELU);
        Maps increased = block.linear("increase", middle, channels + appended, POINTWISE, Bias.NONE);
        return new Paths(block.sum("sum", Rectifier.NONE, paths.residual, block.slice("residual", increased, 0, channels)),
                block.concatenate("dense", paths.dense, block.slice("grown", increased, channels, appended)));
    }
}
