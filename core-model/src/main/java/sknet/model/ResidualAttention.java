package sknet.model;

import java.util.List;
import sknet.kernel.Rectifier;
import sknet.layer.Convolution.Bias;
import sknet.layer.ConvolutionSpec;
import sknet.layer.Gate.Opening;

/**
 * Residual Attention Networks (Wang et al., 2017), baselines of Table 2, as in the authors' published network files: each attention module multiplies a
 * trunk by 1 + the mask that an hourglass of residual units makes. Layers are named {@code units.s} and {@code modules.s.m}.
 *
 * <p>The row "AttentionNeXt-56" of Table 2 has the error, and within 0.1 % the size, of the authors' Attention-56; AttentionNeXt-56 has 31.3M
 * parameters. Attention-92 is 52.5M in the authors' files for the 51.3M of the table.
 *
 * @param unit    the residual units
 * @param modules of each stage
 */
record ResidualAttention(Unit unit, List<Integer> modules) implements Body {
    private static final ConvolutionSpec POINTWISE = ConvolutionSpec.ofKernel(1);
    private static final int STAGES = 3;
    private static final long CHANNELS = 256;

    static Architecture imageNet(String name, Unit unit, Integer... modules) {
        return new Architecture(name, 224, new ResidualAttention(unit, List.of(modules)));
    }

    /** A residual unit. */
    enum Unit {
        /** Normalises before it convolves; as wide as a quarter of its output. */
        PRE_ACTIVATED {
            @Override
            Maps build(NetworkGraph graph, Maps from, long channels, int stride) {
                Maps first = graph.batchNorm("norm", from);
                Maps reduced = graph.convolution("reduce", first, channels / 4, POINTWISE);
                Maps middle = graph.convolution("mid", reduced, channels / 4, ConvolutionSpec.ofKernel(3).withStride(stride));
                Maps residual = graph.linear("increase", middle, channels, POINTWISE, Bias.NONE);
                Maps shortcut = stride == 1 && from.channels() == channels ? from
                        : graph.linear("proj", first, channels, POINTWISE.withStride(stride), Bias.NONE);
                return graph.sum("sum", Rectifier.NONE, residual, shortcut);
            }

            @Override
            Maps activated(NetworkGraph graph, Maps from) {
                return graph.batchNorm("norm", from);
            }
        },
        /** ResNeXt's block, 32x4d. */
        RESNEXT {
            @Override
            Maps build(NetworkGraph graph, Maps from, long channels, int stride) {
                Stage stage = new Stage(1, Math.toIntExact(channels / 2), Math.toIntExact(channels), stride, new Middle.Grouped(32));
                return new Block(stage, Attention.NONE, stride).build(graph, "block", from);
            }

            @Override
            Maps activated(NetworkGraph graph, Maps from) {
                return from;
            }
        };

        abstract Maps build(NetworkGraph graph, Maps from, long channels, int stride);

        /** What a unit gives, for those that take what is activated. */
        abstract Maps activated(NetworkGraph graph, Maps from);
    }

    @Override
    public Maps build(NetworkGraph graph, Maps image) {
        Maps maps = new Stem(ConvolutionSpec.ofKernel(7).withStride(2), 64, Stem.Pooling.MAX).build(graph, image);
        for (int s = 0; s < STAGES; s++) {
            maps = unit.build(graph.in("units." + s), maps, CHANNELS << s, s == 0 ? 1 : 2);
            for (int m = 0; m < modules.get(s); m++) {
                maps = module(graph.in("modules." + s + "." + m), maps, STAGES - s);
            }
        }
        for (int u = STAGES; u < 2 * STAGES; u++) {
            maps = unit.build(graph.in("units." + u), maps, CHANNELS << STAGES, u == STAGES ? 2 : 1);
        }
        return unit.activated(graph.in("end"), maps);
    }

    /** Same channels, same size. */
    private Maps same(NetworkGraph graph, Maps from) {
        return unit.build(graph, from, from.channels(), 1);
    }

    /** p = 1 unit, then a trunk of t = 2 units times 1 + a mask, then p units. */
    private Maps module(NetworkGraph graph, Maps from, int depth) {
        Maps first = same(graph.in("before"), from);
        Maps trunk = same(graph.in("trunk.1"), same(graph.in("trunk.0"), first));
        NetworkGraph mask = graph.in("mask");
        Maps soft = mask.resize("resize", hourglass(mask, first, depth), trunk);
        Maps mixed = mask.convolution("conv1", unit.activated(mask, soft), from.channels(), POINTWISE);
        Maps logits = mask.linear("conv2", mixed, from.channels(), POINTWISE, Bias.NONE);
        return same(graph.in("after"), graph.gate("gate", trunk, logits, Opening.ONE_PLUS_SIGMOID));
    }

    /** Pools {@code depth} times with r = 1 unit behind each, two behind the last, and comes back by interpolation and one unit, but for the last step. */
    private Maps hourglass(NetworkGraph graph, Maps from, int depth) {
        NetworkGraph level = graph.in("level" + depth);
        Maps down = same(level.in("down"), level.maxPool("pool", from, 3, 2, 1));
        if (depth == 1) {
            return same(level.in("bottom"), down);
        }
        Maps below = hourglass(graph, down, depth - 1);
        Maps sum = level.sum("sum", Rectifier.NONE, level.resize("resize", below, down), same(level.in("skip"), down));
        return same(level.in("up"), sum);
    }
}
