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
    private static final int MAX_SCALE = 100;

    public ResizeCentreCrop {
        if (size < 1 || resize < size) {
            throw new IllegalArgumentException("Cannot crop images: resize is " + resize + " and size " + size
                    + " (expected size of 1 or more, and resize at least size)");
        }
    }

    /**
     * The same with the object in the centre so many times larger (section 4.4 of the paper): of what this shows, the central {@code size / scale}
     * pixels each way, resized to {@code size}. Both resizings are one: the image's shorter side becomes {@code resize * scale} long, rounded to whole
     * pixels, and {@code size} is cut out, so that no detail is lost in between. Scale 1 is this transform itself.
     *
     * @param scale 1 or more
     */
    public ResizeCentreCrop enlarged(double scale) {
        if (!(scale >= 1 && scale <= MAX_SCALE)) {
            throw new IllegalArgumentException("Cannot enlarge images: scale is " + scale + " (expected 1 to " + MAX_SCALE + ")");
        }
        return new ResizeCentreCrop(Math.toIntExact(Math.round(resize * scale)), size);
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
