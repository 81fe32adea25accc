package sknet.data.image;

/**
 * A decoded image.
 *
 * @param width  in pixels
 * @param height in pixels
 * @param pixels rows from the top, R, G, B of each pixel together, each an unsigned byte: 3 * width * height bytes
 */
public record RgbImage(int width, int height, byte[] pixels) {
    static final int CHANNELS = 3;

    public RgbImage {
        if (width < 1 || height < 1 || pixels.length != (long) CHANNELS * width * height) {
            throw new IllegalArgumentException("Cannot hold an image of " + width + "x" + height + " pixels in " + pixels.length
                    + " bytes (expected 3 bytes a pixel)");
        }
    }
}
