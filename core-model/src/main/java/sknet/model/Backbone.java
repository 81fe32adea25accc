package sknet.model;

import java.util.ArrayList;
import java.util.List;
import sknet.layer.ConvolutionSpec;

/** What ResNet, ResNeXt and SKNet have in common: a stem and stages of bottleneck blocks, each stage twice as wide as the one before. */
final class Backbone {
    private static final int STEM_CHANNELS = 64;

    private Backbone() {}

    /**
     * Table 1: 7x7/2 stem, max pooling, stages on maps of 56x56 and less.
     *
     * @param width       of the first stage's middle convolutions
     * @param outChannels of the first stage's blocks
     * @param blocks      of each stage
     */
    static Architecture imageNet(String name, Middle middle, int width, int outChannels, int... blocks) {
        return new Architecture(name, 224, new Stem(ConvolutionSpec.ofKernel(7).withStride(2), STEM_CHANNELS, Stem.Pooling.MAX),
            stages(middle, width, outChannels, blocks));
    }

    /** Of 29 layers for CIFAR: 3x3 stem, three stages of three blocks on maps of 32x32 and less, 256 to 1024 output channels. */
    static Architecture cifar(String name, Middle middle, int width) {
        return new Architecture(name, 32, new Stem(ConvolutionSpec.ofKernel(3), STEM_CHANNELS, Stem.Pooling.NONE),
            stages(middle, width, 256, 3, 3, 3));
    }

    private static List<Stage> stages(Middle middle, int width, int outChannels, int... blocks) {
        List<Stage> stages = new ArrayList<>();
        for (int s = 0; s < blocks.length; s++) {
            stages.add(new Stage(blocks[s], width << s, outChannels << s, s == 0 ? 1 : 2, middle));
        }
        return stages;
    }
}
