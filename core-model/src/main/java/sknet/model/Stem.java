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
}
