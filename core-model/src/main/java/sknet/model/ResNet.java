package sknet.model;

import java.util.ArrayList;
import java.util.List;
import sknet.layer.ConvolutionSpec;

/**
 * ResNet (He et al., 2016), a baseline of Table S9. A stage's stride is in the 3x3 convolution of its first block, as in ResNeXt and in the common
 * implementations; the original has it in the 1x1 convolution before.
 */
final class ResNet {
    private static final int EXPANSION = 4;

    private ResNet() {}

    /** ResNet-50. */
    static Architecture resNet50() {
        return imageNet("resnet-50", 3, 4, 6, 3);
    }

    /** 7x7/2 stem, max pooling, four stages of widths 64 to 512, each output four times its width. */
    private static Architecture imageNet(String name, int... blocks) {
        List<Stage> stages = new ArrayList<>();
        for (int s = 0; s < blocks.length; s++) {
            int width = 64 << s;
            stages.add(new Stage(blocks[s], width, EXPANSION * width, s == 0 ? 1 : 2, new Middle.Grouped(1)));
        }
        return new Architecture(name, 224, new Stem(ConvolutionSpec.ofKernel(7).withStride(2), 64, Stem.Pooling.MAX), stages);
    }
}
