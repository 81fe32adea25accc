package sknet.kernel;

/**
 * The shape of a grouped, dilated, strided convolution without bias.
 *
 * <p>Input {@code [batch, inChannels, height, width]}, weights {@code [outChannels, inChannels / groups, kernelHeight, kernelWidth]} (OIHW),
 * output {@code [batch, outChannels, outHeight(), outWidth()]}; cross-correlation, as everywhere in deep learning.
 *
 * @param batch       images
 * @param inChannels  input channels, a multiple of {@code groups}
 * @param height      input rows
 * @param width       input columns
 * @param outChannels output channels, a multiple of {@code groups}
 * @param kernelHeight  rows of the kernel
 * @param kernelWidth   columns of the kernel
 * @param stride        step of the output positions
 * @param dilation      distance between the kernel's taps, 1 for an ordinary convolution
 * @param paddingHeight rows of zeros above and below, at most {@code dilation * (kernelHeight - 1)}
 * @param paddingWidth  columns of zeros on the left and right
 * @param groups        groups of channels that do not see each other
 */
public record ConvolutionShape(int batch, int inChannels, int height, int width, int outChannels, int kernelHeight, int kernelWidth, int stride,
                               int dilation, int paddingHeight, int paddingWidth, int groups) {

    /** @throws IllegalArgumentException for a size that is not positive, or that does not fit the others */
    public ConvolutionShape {
        if (batch < 1 || inChannels < 1 || outChannels < 1 || height < 1 || width < 1 || kernelHeight < 1 || kernelWidth < 1 || stride < 1
                || dilation < 1 || groups < 1) {
            throw new IllegalArgumentException("Cannot shape a convolution: batch " + batch + ", channels " + inChannels + " -> "
                    + outChannels + ", map " + height + "x" + width + ", kernel " + kernelHeight + "x" + kernelWidth + ", stride " + stride
                    + ", dilation " + dilation + ", groups " + groups + " (expected all to be positive)");
        }
        if (inChannels % groups != 0 || outChannels % groups != 0) {
            throw new IllegalArgumentException("Cannot group a convolution: channels " + inChannels + " -> " + outChannels
                    + " (expected multiples of the " + groups + " groups)");
        }
        checkPadding("rows", height, kernelHeight, dilation, paddingHeight);
        checkPadding("columns", width, kernelWidth, dilation, paddingWidth);
    }

    private static void checkPadding(String what, int size, int kernel, int dilation, int padding) {
        int reach = dilation * (kernel - 1);
        if (padding < 0 || padding > reach) {
            throw new IllegalArgumentException("Cannot pad a convolution: padding of " + padding + " " + what + " (expected 0 to " + reach
                    + " for a kernel of " + kernel + " and dilation " + dilation + ")");
        }
        if (size + 2 * padding <= reach) {
            throw new IllegalArgumentException("Cannot convolve: map of " + size + " " + what + " (expected at least " + (reach + 1 - 2 * padding) + ")");
        }
    }

    /** A convolution with a square kernel. */
    public ConvolutionShape(int batch, int inChannels, int height, int width, int outChannels, int kernel, int stride, int dilation, int padding,
                            int groups) {
        this(batch, inChannels, height, width, outChannels, kernel, kernel, stride, dilation, padding, padding, groups);
    }

    /** Whether pixels do not see each other. */
    public boolean isPointwise() {
        return kernelHeight == 1 && kernelWidth == 1;
    }

    /** The kernel's values for one pair of channels. */
    public int taps() {
        return kernelHeight * kernelWidth;
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
        return height + 2 * paddingHeight - reach();
    }

    /** Columns of the output if the stride were 1. */
    public int denseWidth() {
        return width + 2 * paddingWidth - dilation * (kernelWidth - 1);
    }

    /** Rows between the first and the last tap of the kernel. */
    public int reach() {
        return dilation * (kernelHeight - 1);
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
        return new long[] {outChannels, groupInChannels(), kernelHeight, kernelWidth};
    }

    /** Multiply-adds of one forward pass over the batch. */
    public long multiplyAdds() {
        return (long) batch * outChannels * outHeight() * outWidth() * groupInChannels() * taps();
    }
}
