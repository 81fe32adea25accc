package sknet.data.image;

import java.util.random.RandomGenerator;

/**
 * Training on small images, as for CIFAR (He et al., "Deep Residual Learning", section 4.2): padded on each side, a random
 * crop of the original size, mirrored by chance. The padding is zero after the mean is subtracted, so it has the mean's colour.
 * An image of another size is first resized to it, whatever its shape.
 *
 * @param size            output height and width
 * @param padding         pixels added on each side, 0 or more
 * @param flipProbability chance of mirroring
 */
public record PadCrop(int size, int padding, double flipProbability) implements ImageTransform {
    public PadCrop {
        if (size < 1 || padding < 0) {
            throw new IllegalArgumentException("Cannot crop images: size is " + size + " and padding " + padding
                    + " (expected 1 or more, 0 or more)");
        }
        Mirror.checkProbability(flipProbability);
    }

    @Override
    public Window window(int width, int height, RandomGenerator random) {
        int left = random.nextInt(2 * padding + 1) - padding;
        int top = random.nextInt(2 * padding + 1) - padding;
        return new Window(Box.whole(width, height), size, size, left, top, size, Mirror.draw(random, flipProbability));
    }
}
