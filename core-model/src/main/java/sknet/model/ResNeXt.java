package sknet.model;

import java.util.List;

/** ResNeXt (Xie et al., 2017): the backbones that SKNets start from, and the baselines of Tables 2, 3 and 5. */
final class ResNeXt {
    private static final int CARDINALITY = 32;

    private ResNeXt() {}

    /** ResNeXt-50 and -101, 32x4d. */
    static Architecture imageNet(String name, int... blocks) {
        return grouped(CARDINALITY, blocks).named(name);
    }

    /** The same with attention: SENet is ResNeXt with SE in every block (Table 1), the others are rows of Table 2. */
    static Architecture imageNet(String name, Attention attention, int... blocks) {
        return grouped(CARDINALITY, blocks).with(attention).named(name);
    }

    /** ResNeXt-50, 36x4d: more groups of the same size (Table 3). */
    static Architecture moreGroups() {
        return grouped(36, 3, 4, 6, 3).named("resnext-50-36x4d");
    }

    /** ResNeXt-56, deeper: two more blocks on maps of 14x14, the "fourth stage" of Table 3 if the stem is the first: so the paper's figures say. */
    static Architecture deeper() {
        return imageNet("resnext-56-deeper", 3, 4, 8, 3);
    }

    /**
     * ResNeXt-50, wider (Table 3): 1/16 more channels in and between the blocks, as only then there are the paper's 28.1M parameters. Its groups are of 4
     * channels, so that there are 34 of them.
     */
    static Architecture wider() {
        return Backbone.imageNet(new Middle.Grouped(34), 136, 272, 3, 4, 6, 3).named("resnext-50-wider");
    }

    private static Backbone grouped(int groups, int... blocks) {
        return Backbone.imageNet(new Middle.Grouped(groups), 4 * groups, 256, blocks);
    }

    /** ResNeXt-29, GxDd: G groups of D channels in the first stage (Table 5). */
    static Architecture cifar(int groups, int channels) {
        return cifar("resnext-29-" + groups + "x" + channels + "d", groups, channels, Attention.NONE);
    }

    /**
     * Not in the paper: what {@link SkNet#fashion} is compared with, the same stem and blocks with a grouped 3x3 convolution of two groups, so wide
     * (88 channels to 48) that there are as many parameters, within 5 %.
     */
    static Architecture fashion(String name, Attention attention) {
        Stage stage = new Stage(2, 88, 96, 2, new Middle.Grouped(2));
        return new Architecture(name, 28, new Backbone(SkNet.FASHION_STEM, List.of(stage), attention));
    }

    /** The same with attention. */
    static Architecture cifar(String name, int groups, int channels, Attention attention) {
        return Backbone.cifar(new Middle.Grouped(groups), groups * channels).with(attention).namedForCifar(name);
    }
}
