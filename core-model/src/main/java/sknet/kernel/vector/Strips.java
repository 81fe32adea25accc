package sknet.kernel.vector;

import java.util.Arrays;
import sknet.kernel.ChannelShape;

/**
 * The pixels of maps, each a row of {@code channels} values, cut into strips for threads to take. The cuts follow from the shape alone, so
 * that sums over them come out the same for any number of threads. No strip has pixels of two images.
 *
 * @param images   N
 * @param pixels   H * W
 * @param channels C
 */
record Strips(int images, int pixels, int channels) {
    /** About so many values a strip: two of them and their result stay in a core's cache. */
    private static final int VALUES = 1 << 16;

    /** Rows that a pass takes at once, for each group of channels. */
    static final int BLOCK = 8;

    static Strips of(ChannelShape shape) {
        return new Strips(shape.batch(), shape.pixels(), shape.channels());
    }

    /** Values without channels or images, as rows of one vector. */
    static Strips flat(long values) {
        return new Strips(1, Math.toIntExact(values), 1);
    }

    int perImage() {
        return (int) Math.max(1, (long) pixels * channels / VALUES);
    }

    int count() {
        return images * perImage();
    }

    int image(int strip) {
        return strip / perImage();
    }

    /** The first row of a strip, counted over all images. */
    int start(int strip) {
        int parts = perImage();
        return strip / parts * pixels + (int) ((long) pixels * (strip % parts) / parts);
    }

    /** The row behind its last. */
    int end(int strip) {
        int parts = perImage();
        return strip / parts * pixels + (int) ((long) pixels * (strip % parts + 1) / parts);
    }

    /** Adds up equally long parts of {@code parts}, in their order. */
    static void sum(float[] parts, double[] total) {
        Arrays.fill(total, 0);
        for (int from = 0; from < parts.length; from += total.length) {
            for (int i = 0; i < total.length; i++) {
                total[i] += parts[from + i];
            }
        }
    }

    /** Adds up the sums of an image's strips, {@code [strips, K]}, to {@code [images, K]}. */
    void sumByImage(float[] sums, float[] total) {
        int length = total.length / images;
        Arrays.fill(total, 0);
        for (int strip = 0; strip < count(); strip++) {
            for (int i = 0; i < length; i++) {
                total[image(strip) * length + i] += sums[strip * length + i];
            }
        }
    }
}
