package sknet.kernel.vector;

import java.nio.ByteBuffer;

/**
 * Where the values of some neighbouring channels lie in packed maps.
 *
 * @param lanes     how they are read
 * @param channel   the first
 * @param width     how many there are: the lanes of a vector, or fewer where what lies behind them is of no meaning
 * @param images    N
 * @param pixels    H * W
 * @param first     the place of the first channel's first pixel in the first image
 * @param imageStep from a pixel to the same in the next image
 * @param stride    from a pixel to the next
 */
record Column(Lanes lanes, int channel, int width, int images, int pixels, int first, int imageStep, int stride) {

    /** The place of an image's first pixel. */
    int start(int image) {
        return first + image * imageStep;
    }

    /** The place behind an image's last pixel. */
    int end(int image) {
        return start(image) + pixels * stride;
    }

    /** Places of {@link Columns#CHUNK} pixels. */
    int chunk() {
        return Columns.CHUNK * stride;
    }

    /** Copies the values one by one. */
    void copyTo(ByteBuffer from, Column target, ByteBuffer to) {
        for (int n = 0; n < images; n++) {
            for (int p = 0; p < pixels; p++) {
                for (int c = 0; c < width; c++) {
                    target.lanes.put(lanes.get(from, start(n) + p * stride + c), to, target.start(n) + p * target.stride + c);
                }
            }
        }
    }
}
