package sknet.model;

import java.util.List;
import sknet.kernel.Rectifier;
import sknet.layer.ConvolutionSpec;

/**
 * ShuffleNetV2 (Ma et al., 2018), the light models of Table 4 and appendix B. Layers are named {@code stages.s.u}.
 *
 * <p>Readings: SE stands on a unit's whole output, behind the shuffle, with r = 4 at 0.5x and 16 at 1.0x, as only then there are the paper's 1.56M
 * and 2.66M parameters; an SK unit takes the place of every depthwise convolution, that of the first branch of a stage's first unit too, with L = 1,
 * which never binds. So the three rows of 0.5x agree with the paper to its digits. No reading gives the multiply-adds of the rows of 1.0x, 140M for
 * 145M, nor 2.63M parameters with SK.
 *
 * @param width       channels of the first stage's output; double from stage to stage
 * @param units       of each stage
 * @param depthwise   the convolutions of each map by itself
 * @param attention   on every unit's output
 */
public record ShuffleNet(int width, List<Integer> units, Depthwise depthwise, Attention attention) implements Body {
    private static final ConvolutionSpec POINTWISE = ConvolutionSpec.ofKernel(1);
    private static final int STEM_CHANNELS = 24;
    private static final int FEATURES = 1024;
    private static final int SK_REDUCTION = 4;

    /** Copies the list. */
    public ShuffleNet {
        units = List.copyOf(units);
    }

    /** {4, 8, 4}, as in the original paper. */
    static Architecture original(String name, int width) {
        return new Architecture(name, 224, new ShuffleNet(width, List.of(4, 8, 4), Depthwise.PLAIN, Attention.NONE));
    }

    /** {4, 6, 6}, "our implementation". */
    static Architecture ours(String name, int width) {
        return ours(name, width, Depthwise.PLAIN, Attention.NONE);
    }

    /** "+ SE", of the reduction r. */
    static Architecture squeezed(String name, int width, int reduction) {
        return ours(name, width, Depthwise.PLAIN, new Attention.SqueezeExcitation(reduction));
    }

    /** "+ SK", with these rectifiers behind the paths K3 and K5: none is the paper's choice, the others are Table S8's. */
    static Architecture selective(String name, int width, Rectifier ofK3, Rectifier ofK5) {
        return ours(name, width, new Depthwise(List.of(ofK3, ofK5)), Attention.NONE);
    }

    private static Architecture ours(String name, int width, Depthwise depthwise, Attention attention) {
        return new Architecture(name, 224, new ShuffleNet(width, List.of(4, 6, 6), depthwise, attention));
    }

    /**
     * The depthwise convolution of a unit: one of kernel 3x3 with batch norm, or an SK unit of such with dilation 1, 2 and so on.
     *
     * @param rectifiers behind the paths of an SK unit; empty for one convolution, which has none
     */
    public record Depthwise(List<Rectifier> rectifiers) {
        /** One convolution. */
        public static final Depthwise PLAIN = new Depthwise(List.of());

        /** Copies the list. */
        public Depthwise {
            rectifiers = List.copyOf(rectifiers);
        }

        Maps build(NetworkGraph graph, String name, Maps from, int stride) {
            int channels = Math.toIntExact(from.channels());
            if (rectifiers.isEmpty()) {
                return graph.convolution(name, from, channels, ConvolutionSpec.ofKernel(3).withStride(stride).withGroups(channels), Rectifier.NONE);
            }
            Middle.Single selective = Middle.SelectiveKernel.dilated(rectifiers.size(), channels, SK_REDUCTION, 1).with(rectifiers);
            return graph.layer(name, selective.layer(graph, channels, stride), from);
        }
    }

    @Override
    public Maps build(NetworkGraph graph, Maps image) {
        Maps maps = new Stem(ConvolutionSpec.ofKernel(3).withStride(2), STEM_CHANNELS, Stem.Pooling.MAX).build(graph, image);
        for (int s = 0; s < units.size(); s++) {
            for (int u = 0; u < units.get(s); u++) {
                NetworkGraph unit = graph.in("stages." + s + "." + u);
                maps = attention.inBlock(unit, u == 0 ? reducing(unit, maps, (long) width << s) : keeping(unit, maps));
            }
        }
        return graph.convolution("head", maps, FEATURES, POINTWISE);
    }

    /** A stage's first unit: two branches of stride 2. */
    private Maps reducing(NetworkGraph unit, Maps from, long channels) {
        NetworkGraph shortcut = unit.in("shortcut");
        Maps first = shortcut.convolution("conv", depthwise.build(shortcut, "depthwise", from, 2), channels / 2, POINTWISE);
        return unit.interleave("shuffle", first, branch(unit, from, channels / 2, 2));
    }

    /** All others: half of the channels go by. */
    private Maps keeping(NetworkGraph unit, Maps from) {
        long half = from.channels() / 2;
        return unit.interleave("shuffle", unit.slice("kept", from, 0, half), branch(unit, unit.slice("changed", from, half, half), half, 1));
    }

    private Maps branch(NetworkGraph unit, Maps from, long channels, int stride) {
        Maps first = unit.convolution("conv1", from, channels, POINTWISE);
        return unit.convolution("conv2", depthwise.build(unit, "depthwise", first, stride), channels, POINTWISE);
    }
}
