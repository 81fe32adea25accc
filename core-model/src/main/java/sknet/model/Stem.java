package sknet.model;

import sknet.layer.ConvolutionSpec;

/**
 * What comes before the stages: a convolution with batch norm and ReLU, perhaps a pooling.
 *
 * @param convolution kernel and stride
 * @param channels    output channels
 * @param pooling     what follows
 */
public record Stem(ConvolutionSpec convolution, int channels, Pooling pooling) {

    /** Pooling behind the stem's convolution. */
    public enum Pooling {
        /** None. */
        NONE,
        /**
         * Maximum over 3x3 with stride 2 and padding 1. The authors' Caffe files pad by 0 and round sizes up instead: the same
         * sizes, other borders.
         */
        MAX
    }

    /** Adds the layers {@code stem} and, where there is a pooling, {@code pool}. */
    Maps build(NetworkGraph graph, Maps image) {
        Maps maps = graph.convolution("stem", image, channels, convolution);
        return pooling == Pooling.MAX ? graph.maxPool("pool", maps, 3, 2, 1) : maps;
    }
}
