package sknet.kernel;

/**
 * The shape of a grouped, dilated, strided convolution with a square kernel and without bias.
 *
 * <p>Input {@code [batch, inChannels, height, width]}, weights {@code [outChannels, inChannels / groups, kernel, kernel]} (OIHW),
 * output {@code [batch, outChannels, outHeight(), outWidth()]}; cross-correlation, as everywhere in deep learning.
 *
 * @param batch       images
 * @param inChannels  input channels, a multiple of {@code groups}
 * @param height      input rows
 * @param width       input columns
 * @param outChannels output channels, a multiple of {@code groups}
 * @param kernel      rows and columns of the kernel
 * @param stride      step of the output positions
 * @param dilation    distance between the kernel's taps, 1 for an ordinary convolution
 * @param padding     zeros on each side, at most {@code dilation * (kernel - 1)}
 * @param groups      groups of channels that do not see each other
 */
public record ConvolutionShape(int batch, int inChannels, int height, int width, int outChannels,
                               int kernel, int stride, int dilation, int padding, int groups) {

    /** @throws IllegalArgumentException for a size that is not positive, or that does not fit the others */
    public ConvolutionShape {
        if (batch < 1 || inChannels < 1 || outChannels < 1 || height < 1 || width < 1 || kernel < 1 || stride < 1 || dilation < 1
                || groups < 1) {
            throw new IllegalArgumentException("Cannot shape a convolution: batch " + batch + ", channels " + inChannels + " -> "
                    + outChannels + ", map " + height + "x" + width + ", kernel " + kernel + ", stride " + stride + ", dilation "
                    + dilation + ", groups " + groups + " (expected all to be positive)");
        }
        if (inChannels % groups != 0 || outChannels % groups != 0) {
            throw new IllegalArgumentException("Cannot group a convolution: channels " + inChannels + " -> " + outChannels
                    + " (expected multiples of the " + groups + " groups)");
        }
        if (padding < 0 || padding > dilation * (kernel - 1)) {
            throw new IllegalArgumentException("Cannot pad a convolution: padding " + padding + " (expected 0 to "
                    + dilation * (kernel - 1) + " for kernel " + kernel + " and dilation " + dilation + ")");
        }
        if (height + 2 * padding <= dilation * (kernel - 1) || width + 2 * padding <= dilation * (kernel - 1)) {
            throw new IllegalArgumentException("Cannot convolve: map " + height + "x" + width + " (expected at least "
                    + (dilation * (kernel - 1) + 1 - 2 * padding) + " rows and columns)");
        }
    }

    /** Rows of the output. */
    public int outHeight() {
        return (denseHeight() - 1) / stride + 1;
    }

    /** Columns of the output. */
    public int outWidth() {
        return (denseWidth() - 1) / stride + 1;
    }

    /** Rows of the output if the stride were 1. */
    public int denseHeight() {
        return height + 2 * padding - reach();
    }

    /** Columns of the output if the stride were 1. */
    public int denseWidth() {
        return width + 2 * padding - reach();
    }

    /** Distance between the first and the last tap of the kernel. */
    public int reach() {
        return dilation * (kernel - 1);
    }

    /** Input channels of one group. */
    public int groupInChannels() {
        return inChannels / groups;
    }

    /** Output channels of one group. */
    public int groupOutChannels() {
        return outChannels / groups;
    }

    /** The output's shape. */
    public long[] outputShape() {
        return new long[] {batch, outChannels, outHeight(), outWidth()};
    }

    /** The weights' shape, OIHW. */
    public long[] weightShape() {
        return new long[] {outChannels, groupInChannels(), kernel, kernel};
    }

    /** Multiply-adds of one forward pass over the batch. */
    public long multiplyAdds() {
        return (long) batch * outChannels * outHeight() * outWidth() * groupInChannels() * kernel * kernel;
    }
}
