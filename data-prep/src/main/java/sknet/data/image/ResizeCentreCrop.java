package sknet.data.image;

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
    public Window window(int width, int height, RandomGenerator random) {
        long shorter = Math.min(width, height);
        int scaledWidth = (int) (width * (long) resize / shorter);
        int scaledHeight = (int) (height * (long) resize / shorter);
        return new Window(Box.whole(width, height), scaledWidth, scaledHeight, (scaledWidth - size) / 2, (scaledHeight - size) / 2,
                size, Mirror.PLAIN);
    }
}
