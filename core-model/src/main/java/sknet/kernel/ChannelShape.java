package sknet.kernel;

/**
 * Activations {@code [batch, channels, pixels]}: NCHW with the map flattened, or {@code [N, C]} with one pixel.
 *
 * @param batch    images
 * @param channels channels
 * @param pixels   height times width of a map, 1 for vectors
 */
public record ChannelShape(int batch, int channels, int pixels) {

    /** @throws IllegalArgumentException for a size that is not positive */
    public ChannelShape {
        if (batch < 1 || channels < 1 || pixels < 1) {
            throw new IllegalArgumentException("Cannot shape activations: batch " + batch + ", channels " + channels + ", pixels "
                    + pixels + " (expected all to be positive)");
        }
    }

    /** Values of one channel over the whole batch. */
    public long valuesPerChannel() {
        return (long) batch * pixels;
    }
}
