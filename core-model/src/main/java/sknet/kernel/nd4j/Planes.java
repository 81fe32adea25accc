package sknet.kernel.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Maps {@code [N, C, H, W]} as zero-padded planes in one flat buffer ({@link PlaneGeometry}), channel by channel and image by
 * image in each: the values of a channel over the whole batch are one row of a matrix, so that a group takes one large matrix
 * product.
 */
final class Planes {
    private final PlaneGeometry geometry;
    private final int batch;
    private final int channels;
    private final INDArray flat;

    Planes(PlaneGeometry geometry, int batch, int channels, Buffers buffers) {
        this.geometry = geometry;
        this.batch = batch;
        this.channels = channels;
        flat = buffers.zeros(values() + 2L * geometry.slack());
    }

    private long values() {
        return (long) batch * channels * geometry.plane();
    }

    /** The maps {@code [N, C, height, width]}, every {@code stride}-th position of each plane. */
    INDArray maps(int height, int width, int stride) {
        long plane = geometry.plane();
        return Buffers.view(flat, geometry.slack(), new long[] {batch, channels, height, width},
                plane, batch * plane, (long) stride * geometry.columns(), stride);
    }

    /** All planes from {@code shift} values further on, {@code [G, C/G, N * plane]}. */
    INDArray groups(int groups, int shift) {
        long channel = (long) batch * geometry.plane();
        return Buffers.view(flat, geometry.slack() + shift, new long[] {groups, channels / groups, channel},
                channels / groups * channel, channel, 1);
    }

    /** All values from {@code shift} values further on, as a vector. */
    INDArray vector(int shift) {
        return Buffers.view(flat, geometry.slack() + shift, new long[] {values()}, 1);
    }

    /** Row taps: {@code [G, taps, C/G * N * plane]}, tap t being the planes {@code t * dilation - before} further on. */
    INDArray rowTaps(int groups, int taps, int dilation, int before) {
        long groupValues = values() / groups;
        return Buffers.view(flat, geometry.slack() - before, new long[] {groups, taps, groupValues}, groupValues, dilation, 1);
    }

    /** Every tap at every {@code stride}-th position: {@code [N * C, taps, taps, height, width]}. */
    INDArray taps(int taps, int dilation, int before, int stride, int height, int width) {
        long row = geometry.columns();
        return Buffers.view(flat, geometry.slack() - before * (row + 1), new long[] {(long) batch * channels, taps, taps, height,
                width},
                geometry.plane(), dilation * row, dilation, stride * row, stride);
    }
}
