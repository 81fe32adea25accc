package sknet.data.image;

import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;

/**
 * Evaluation: the shorter side is resized and the centre cropped; the same for every call. An image whose shorter side has the
 * length already keeps its samples exactly.
 *
 * @param resize length of the shorter side after resizing, at least {@code size}
 * @param size   output height and width
 */
public record ResizeCentreCrop(int resize, int size) implements ImageTransform {
    public ResizeCentreCrop {
        if (size < 1 || resize < size) {
            throw new IllegalArgumentException("Cannot crop images: resize is " + resize + " and size " + size
                    + " (expected size of 1 or more, and resize at least size)");
        }
    }

    @Override
    public void apply(RgbImage image, RandomGenerator random, float[] mean, FloatBuffer out, int offset) {
        long shorter = Math.min(image.width(), image.height());
        int width = (int) (image.width() * (long) resize / shorter);
        int height = (int) (image.height() * (long) resize / shorter);
        new Window(Box.whole(image), width, height, (width - size) / 2, (height - size) / 2, size, Mirror.PLAIN)
                .write(image, mean, out, offset);
    }
}
