package sknet.model;

import java.util.ArrayList;
import java.util.List;
import sknet.layer.ConvolutionSpec;

/** ResNeXt (Xie et al., 2017): the backbones that SKNets start from, and the baselines of Tables 1 and 5. */
final class ResNeXt {
    private ResNeXt() {}

    /** ResNeXt-50, 32x4d. */
    static Architecture resNeXt50() {
        return imageNet("resnext-50", new Middle.Grouped(32), 3, 4, 6, 3);
    }

    /** Table 1: 7x7/2 stem, max pooling, four stages of widths 128 to 1024, each output twice its width. */
    static Architecture imageNet(String name, Middle middle, int... blocks) {
        List<Stage> stages = new ArrayList<>();
        for (int s = 0; s < blocks.length; s++) {
            int width = 128 << s;
            stages.add(new Stage(blocks[s], width, 2 * width, s == 0 ? 1 : 2, middle));
        }
        return new Architecture(name, 224, new Stem(ConvolutionSpec.ofKernel(7).withStride(2), 64, Stem.Pooling.MAX), stages);
    }

    /** ResNeXt-29, 16x32d: 3x3 stem, three stages of three blocks, widths 512 to 2048, each output half its width. */
    static Architecture cifar(String name, Middle middle) {
        List<Stage> stages = new ArrayList<>();
        for (int s = 0; s < 3; s++) {
            int width = 512 << s;
            stages.add(new Stage(3, width, width / 2, s == 0 ? 1 : 2, middle));
        }
        return new Architecture(name, 32, new Stem(ConvolutionSpec.ofKernel(3), 64, Stem.Pooling.NONE), stages);
    }
}
