package sknet.model;

import java.util.ArrayList;
import java.util.List;
import sknet.layer.ConvolutionSpec;

/**
 * What ResNet, ResNeXt, SENet and SKNet have in common: a stem and stages of bottleneck blocks. Layers are named by their place: {@code stem},
 * {@code pool}, {@code stages.s.b} for block b of stage s.
 *
 * @param stem      before the stages
 * @param stages    in order
 * @param attention in blocks or behind stages
 */
public record Backbone(Stem stem, List<Stage> stages, Attention attention) implements Body {
    private static final int STEM_CHANNELS = 64;

    /** Copies the list. */
    public Backbone {
        stages = List.copyOf(stages);
    }

    /** Without attention but what SK convolutions have. */
    public Backbone(Stem stem, List<Stage> stages) {
        this(stem, stages, Attention.NONE);
    }

    /**
     * Table 1: 7x7/2 stem, max pooling, stages on maps of 56x56 and less, each twice as wide as the one before.
     *
     * @param width       of the first stage's middle convolutions
     * @param outChannels of the first stage's blocks
     * @param blocks      of each stage
     */
    static Backbone imageNet(Middle middle, int width, int outChannels, int... blocks) {
        return new Backbone(new Stem(ConvolutionSpec.ofKernel(7).withStride(2), STEM_CHANNELS, Stem.Pooling.MAX),
                stages(middle, width, outChannels, blocks));
    }

    /** Of 29 layers for CIFAR: 3x3 stem, three stages of three blocks on maps of 32x32 and less, 256 to 1024 output channels. */
    static Backbone cifar(Middle middle, int width) {
        return new Backbone(new Stem(ConvolutionSpec.ofKernel(3), STEM_CHANNELS, Stem.Pooling.NONE), stages(middle, width, 256, 3, 3, 3));
    }

    private static List<Stage> stages(Middle middle, int width, int outChannels, int... blocks) {
        List<Stage> stages = new ArrayList<>();
        for (int s = 0; s < blocks.length; s++) {
            stages.add(new Stage(blocks[s], width << s, outChannels << s, s == 0 ? 1 : 2, middle));
        }
        return stages;
    }

    /** The same with attention. */
    Backbone with(Attention newAttention) {
        return new Backbone(stem, stages, newAttention);
    }

    /** For images of the size that {@link #imageNet} is for. */
    Architecture named(String name) {
        return new Architecture(name, 224, this);
    }

    /** For images of the size that {@link #cifar} is for. */
    Architecture namedForCifar(String name) {
        return new Architecture(name, 32, this);
    }

    @Override
    public Maps build(NetworkGraph graph, Maps image) {
        Maps maps = stem.build(graph, image);
        for (int s = 0; s < stages.size(); s++) {
            for (int b = 0; b < stages.get(s).blocks(); b++) {
                maps = new Block(stages.get(s), attention, b == 0 ? stages.get(s).stride() : 1).build(graph, "stages." + s + "." + b, maps);
            }
            if (s < stages.size() - 1) {
                maps = attention.behindStage(graph.in("stages." + s), maps);
            }
        }
        return maps;
    }
}
