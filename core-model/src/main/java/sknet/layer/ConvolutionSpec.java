package sknet.layer;

import sknet.kernel.ConvolutionShape;

/**
 * What a convolution does, whatever its channels.
 *
 * @param kernelHeight rows of the kernel, odd
 * @param kernelWidth  columns of the kernel, odd
 * @param stride       step of the output positions
 * @param dilation     distance between the taps
 * @param groups       groups of channels
 * @param padding      what is beyond the map's borders
 */
public record ConvolutionSpec(int kernelHeight, int kernelWidth, int stride, int dilation, int groups, Padding padding) {

    /** What is beyond the map's borders. */
    public enum Padding {
        /** Zeros, {@code dilation * (kernel - 1) / 2} on each side, so that stride 1 keeps the map's size. */
        SAME,
        /** Nothing: the map shrinks. */
        VALID
    }

    /** @throws IllegalArgumentException for an even kernel, or a value below 1 */
    public ConvolutionSpec {
        if (kernelHeight < 1 || kernelHeight % 2 == 0 || kernelWidth < 1 || kernelWidth % 2 == 0 || stride < 1 || dilation < 1 || groups < 1) {
            throw new IllegalArgumentException("Cannot specify a convolution: kernel " + kernelHeight + "x" + kernelWidth + ", stride " + stride
                    + ", dilation " + dilation + ", groups " + groups + " (expected an odd kernel and positive numbers)");
        }
    }

    /** An ordinary convolution: stride 1, not dilated, one group, padded. */
    public static ConvolutionSpec ofKernel(int kernel) {
        return ofKernel(kernel, kernel);
    }

    /** An ordinary convolution whose kernel need not be square. */
    public static ConvolutionSpec ofKernel(int height, int width) {
        return new ConvolutionSpec(height, width, 1, 1, 1, Padding.SAME);
    }

    /** The same with another stride. */
    public ConvolutionSpec withStride(int newStride) {
        return new ConvolutionSpec(kernelHeight, kernelWidth, newStride, dilation, groups, padding);
    }

    /** The same with another dilation. */
    public ConvolutionSpec withDilation(int newDilation) {
        return new ConvolutionSpec(kernelHeight, kernelWidth, stride, newDilation, groups, padding);
    }

    /** The same with another number of groups. */
    public ConvolutionSpec withGroups(int newGroups) {
        return new ConvolutionSpec(kernelHeight, kernelWidth, stride, dilation, newGroups, padding);
    }

    /** The same without padding. */
    public ConvolutionSpec withoutPadding() {
        return new ConvolutionSpec(kernelHeight, kernelWidth, stride, dilation, groups, Padding.VALID);
    }

    /** The shape on maps {@code [batch, inChannels, height, width]}. */
    ConvolutionShape shape(long batch, long inChannels, long height, long width, long outChannels) {
        return new ConvolutionShape(Math.toIntExact(batch), Math.toIntExact(inChannels), Math.toIntExact(height), Math.toIntExact(width),
                Math.toIntExact(outChannels), kernelHeight, kernelWidth, stride, dilation, paddingHeight(), paddingWidth(), groups);
    }

    /** Rows of zeros above and below. */
    public int paddingHeight() {
        return padding(kernelHeight);
    }

    /** Columns of zeros on the left and right. */
    public int paddingWidth() {
        return padding(kernelWidth);
    }

    private int padding(int kernel) {
        return padding == Padding.SAME ? dilation * (kernel - 1) / 2 : 0;
    }

    /** The weights' shape, OIHW. */
    long[] weightShape(long inChannels, long outChannels) {
        return new long[] {outChannels, inChannels / groups, kernelHeight, kernelWidth};
    }
}
