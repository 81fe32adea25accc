package sknet.model;

/**
 * ResNet (He et al., 2016), a baseline of Table S9. A stage's stride is in the 3x3 convolution of its first block, as in ResNeXt and in the common
 * implementations; the original has it in the 1x1 convolution before.
 */
final class ResNet {
    private ResNet() {}

    /** ResNet-50, -101 and -152: widths 64 to 512, each output four times its width. */
    static Architecture imageNet(String name, int... blocks) {
        return Backbone.imageNet(new Middle.Grouped(1), 64, 256, blocks).named(name);
    }
}
