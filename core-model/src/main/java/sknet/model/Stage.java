package sknet.model;

/**
 * A run of bottleneck blocks on maps of one size: 1x1 convolution to {@code width}, middle, 1x1 convolution to {@code
 * outChannels}, plus the shortcut, which is a 1x1 projection with batch norm where the shape changes.
 *
 * @param blocks      number of blocks
 * @param width       channels of the middle convolution
 * @param outChannels channels of a block's output
 * @param stride      stride of the first block, in its middle and its projection
 * @param middle      the middle convolution
 */
public record Stage(int blocks, int width, int outChannels, int stride, Middle middle) {}
