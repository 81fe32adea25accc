package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Activations {@code [batch, channels, height, width]}, or {@code [N, C]} as maps of one pixel.
 *
 * @param batch    images
 * @param channels channels
 * @param height   rows of a map
 * @param width    columns of a map
 */
public record ChannelShape(int batch, int channels, int height, int width) {

    /** @throws IllegalArgumentException for a size that is not positive */
    public ChannelShape {
        if (batch < 1 || channels < 1 || height < 1 || width < 1) {
            throw new IllegalArgumentException("Cannot shape activations: batch " + batch + ", channels " + channels + ", map "
                    + height + "x" + width + " (expected all to be positive)");
        }
    }

    /** The shape of activations {@code [N, C, H, W]} or {@code [N, C]}. */
    public static ChannelShape of(INDArray activations) {
        boolean maps = activations.rank() == 4;
        return new ChannelShape(Math.toIntExact(activations.size(0)), Math.toIntExact(activations.size(1)),
                maps ? Math.toIntExact(activations.size(2)) : 1, maps ? Math.toIntExact(activations.size(3)) : 1);
    }

    /** Values of one map. */
    public int pixels() {
        return height * width;
    }

    /** Values of one channel over the whole batch. */
    public long valuesPerChannel() {
        return (long) batch * pixels();
    }
}
