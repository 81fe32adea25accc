package sknet.layer;

import sknet.kernel.ConvolutionShape;

/**
 * What a convolution does, whatever its channels: a square kernel padded so that stride 1 keeps the map's size
 * ({@code padding = dilation * (kernel - 1) / 2}).
 *
 * @param kernel   rows and columns, odd
 * @param stride   step of the output positions
 * @param dilation distance between the taps
 * @param groups   groups of channels
 */
public record ConvolutionSpec(int kernel, int stride, int dilation, int groups) {

    /** @throws IllegalArgumentException for an even kernel, or a value below 1 */
    public ConvolutionSpec {
        if (kernel < 1 || kernel % 2 == 0 || stride < 1 || dilation < 1 || groups < 1) {
            throw new IllegalArgumentException("Cannot specify a convolution: kernel " + kernel + ", stride " + stride
                    + ", dilation "
                    + dilation + ", groups " + groups + " (expected an odd kernel and positive numbers)");
        }
    }

    /** An ordinary convolution: stride 1, not dilated, one group. */
    public static ConvolutionSpec ofKernel(int kernel) {
        return new ConvolutionSpec(kernel, 1, 1, 1);
    }

    /** The same with another stride. */
    public ConvolutionSpec withStride(int newStride) {
        return new ConvolutionSpec(kernel, newStride, dilation, groups);
    }

    /** The same with another dilation. */
    public ConvolutionSpec withDilation(int newDilation) {
        return new ConvolutionSpec(kernel, stride, newDilation, groups);
    }

    /** The same with another number of groups. */
    public ConvolutionSpec withGroups(int newGroups) {
        return new ConvolutionSpec(kernel, stride, dilation, newGroups);
    }

    /** The shape on maps {@code [batch, inChannels, height, width]}. */
    ConvolutionShape shape(long batch, long inChannels, long height, long width, long outChannels) {
        return new ConvolutionShape(Math.toIntExact(batch), Math.toIntExact(inChannels), Math.toIntExact(height),
                Math.toIntExact(width), Math.toIntExact(outChannels), kernel, stride, dilation, dilation * (kernel - 1) / 2,
                groups);
    }
}
