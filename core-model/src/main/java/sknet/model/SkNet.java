package sknet.model;

import java.util.List;
import sknet.layer.ConvolutionSpec;

/**
 * Selective Kernel Networks: ResNeXt with the 3x3 convolutions replaced by SK convolutions (section 3.2, Table 1; appendix D for
 * CIFAR).
 */
final class SkNet {
    /** Of the small networks for images of 28x28. */
    static final Stem FASHION_STEM = new Stem(ConvolutionSpec.ofKernel(5).withStride(2), 32, Stem.Pooling.NONE);

    private SkNet() {}

    /** SKNet-26, -50 and -101: SK[2, 32, 16] on the ImageNet backbone. */
    static Architecture imageNet(String name, int... blocks) {
        return imageNet(name, Middle.SelectiveKernel.dilated(2, 32, 16, 32), blocks);
    }

    /** On the ImageNet backbone of SKNet-50 or another depth, with any kernels. */
    static Architecture imageNet(String name, Middle middle, int... blocks) {
        return Backbone.imageNet(middle, 128, 256, blocks).named(name);
    }

    /**
     * SKNet-29: SK[2, 16, 32] with a 3x3 and a 1x1 branch on ResNeXt-29, 16x32d. The paper does not say L of equation 4 here; 16,
     * which never binds, gives its 27.7M parameters, where its usual 32 gives 27.8M.
     */
    static Architecture cifar() {
        return Backbone.cifar(new Middle.SelectiveKernel(
                List.of(ConvolutionSpec.ofKernel(3).withGroups(16), ConvolutionSpec.ofKernel(1).withGroups(16)), 32, 16), 512).namedForCifar("sknet-29");
    }

    /** The small network of the demonstration, not in the paper: 28x28 images; a 5x5/2 stem, then two SK units that end at 7x7. */
    static Architecture fashion() {
        return new Architecture("sknet-fashion", 28, new Backbone(FASHION_STEM,
                List.of(new Stage(2, 48, 96, 2, Middle.SelectiveKernel.dilated(2, 1, 4, 16)))));
    }
}
