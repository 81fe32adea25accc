package sknet.data.image;

import java.util.random.RandomGenerator;

/**
 * Training on photographs: a random part of the image, resized to the input and mirrored by chance (Szegedy et al.,
 * "Going Deeper with Convolutions", section 6). A part that fits is sought ten times, as torchvision does; then the largest
 * centred one of an allowed shape is taken.
 *
 * @param size            output height and width
 * @param minArea         smallest share of the image's area, above 0
 * @param maxArea         largest share, at most 1
 * @param minRatio        smallest width / height; ratios are drawn evenly on a logarithmic scale
 * @param maxRatio        largest width / height
 * @param flipProbability chance of mirroring
 */
public record RandomResizedCrop(int size, double minArea, double maxArea, double minRatio, double maxRatio,
                                double flipProbability)
        implements ImageTransform {
    private static final int ATTEMPTS = 10;

    public RandomResizedCrop {
        if (size < 1) {
            throw new IllegalArgumentException("Cannot crop images: size is " + size + " (expected 1 or more)");
        }
        if (!(minArea > 0 && minArea <= maxArea && maxArea <= 1)) {
            throw new IllegalArgumentException("Cannot crop images: area is " + minArea + " to " + maxArea
                    + " (expected a range in 0 to 1)");
        }
        if (!(minRatio > 0 && minRatio <= maxRatio && Double.isFinite(maxRatio))) {
            throw new IllegalArgumentException("Cannot crop images: ratio is " + minRatio + " to " + maxRatio
                    + " (expected a range above 0)");
        }
        Mirror.checkProbability(flipProbability);
    }

    @Override
    public Window window(int width, int height, RandomGenerator random) {
        Box box = draw(width, height, random);
        return new Window(box, size, size, 0, 0, size, Mirror.draw(random, flipProbability));
    }

    private Box draw(int imageWidth, int imageHeight, RandomGenerator random) {
        double area = (double) imageWidth * imageHeight;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            double part = area * between(minArea, maxArea, random);
            double ratio = Math.exp(between(Math.log(minRatio), Math.log(maxRatio), random));
            long width = Math.round(Math.sqrt(part * ratio));
            long height = Math.round(Math.sqrt(part / ratio));
            if (width >= 1 && width <= imageWidth && height >= 1 && height <= imageHeight) {
                int x = random.nextInt(imageWidth - (int) width + 1);
                int y = random.nextInt(imageHeight - (int) height + 1);
                return new Box(x, y, (int) width, (int) height);
            }
        }
        return centre(imageWidth, imageHeight);
    }

    private Box centre(int imageWidth, int imageHeight) {
        double ratio = Math.min(maxRatio, Math.max(minRatio, (double) imageWidth / imageHeight));
        int width = (int) Math.max(1, Math.min(imageWidth, Math.round(imageHeight * ratio)));
        int height = (int) Math.max(1, Math.min(imageHeight, Math.round(imageWidth / ratio)));
        return new Box((imageWidth - width) / 2, (imageHeight - height) / 2, width, height);
    }

    private static double between(double low, double high, RandomGenerator random) {
        return low + (high - low) * random.nextDouble();
    }
}
