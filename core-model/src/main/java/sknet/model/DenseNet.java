package sknet.model;

import java.util.List;
import sknet.kernel.Rectifier;
import sknet.layer.Convolution.Bias;
import sknet.layer.ConvolutionSpec;

/**
 * DenseNet-BC (Huang et al., 2017), a baseline of Table S9: every layer of a block sees the outputs of all layers before it. Layers are named {@code
 * blocks.s.l} and {@code transitions.s}.
 *
 * <p>Table S9's 55.80M for DenseNet-232 lie between the 55.57M trainable parameters and the 56.03M with statistics of {6, 12, 48, 48}, which is the
 * authors' released model.
 *
 * @param growth k: the channels that a layer adds
 * @param layers of each block
 */
public record DenseNet(int growth, List<Integer> layers) implements Body {
    private static final ConvolutionSpec POINTWISE = ConvolutionSpec.ofKernel(1);
    private static final int BOTTLENECK = 4;

    /** Copies the list. */
    public DenseNet {
        layers = List.copyOf(layers);
    }

    static Architecture imageNet(String name, int growth, Integer... layers) {
        return new Architecture(name, 224, new DenseNet(growth, List.of(layers)));
    }

    @Override
    public Maps build(NetworkGraph graph, Maps image) {
        Maps maps = graph.maxPool("pool", graph.convolution("stem", image, 2L * growth, ConvolutionSpec.ofKernel(7).withStride(2)), 3, 2, 1);
        for (int s = 0; s < layers.size(); s++) {
            for (int l = 0; l < layers.get(s); l++) {
                NetworkGraph layer = graph.in("blocks." + s + "." + l);
                maps = layer.concatenate("concat", maps, grown(layer, maps));
            }
            if (s < layers.size() - 1) {
                NetworkGraph transition = graph.in("transitions." + s);
                Maps halved = transition.linear("conv", transition.batchNorm("norm", maps), maps.channels() / 2, POINTWISE, Bias.NONE);
                maps = transition.averagePool("pool", halved, 2, 2, 0);
            }
        }
        return graph.batchNorm("norm", maps);
    }

    /** What a layer adds. */
    private Maps grown(NetworkGraph layer, Maps maps) {
        Maps reduced = layer.convolution("reduce", layer.batchNorm("norm", maps), (long) BOTTLENECK * growth, POINTWISE, Rectifier.RELU);
        return layer.linear("conv", reduced, growth, ConvolutionSpec.ofKernel(3), Bias.NONE);
    }
}
