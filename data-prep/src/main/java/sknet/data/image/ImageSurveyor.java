package sknet.data.image;

import sknet.data.image.jpeg.JpegDecoder;
import sknet.data.image.jpeg.JpegException;
import sknet.data.image.jpeg.Region;
import sknet.data.image.jpeg.Scale;

/**
 * Proves that images can be decoded whole, and adds up their samples. For one thread.
 *
 * <p>Every code of a JPEG is read, which finds all the damage that decoding it would; but samples are made of the mean of each block
 * alone. The sums are those of the image at an eighth of its size, each pixel as often as it covers pixels of the whole one. They differ
 * from the whole image's where that clips colours, and where blocks reach beyond the edges: docs/figures.md says by how much.
 */
public final class ImageSurveyor {
    private final JpegDecoder jpeg = new JpegDecoder();

    /**
     * Surveys an image.
     *
     * @param bytes a JPEG or PNG file
     * @throws UnreadableImageException if it cannot be decoded; see {@link ImageDecoder#decode}
     */
    public ImageSurvey survey(byte[] bytes) throws UnreadableImageException {
        if (!ImageDecoder.isJpeg(bytes)) {
            return of(ImageDecoder.decode(bytes));
        }
        try {
            jpeg.open(bytes);
            int width = jpeg.width();
            int height = jpeg.height();
            ImageDecoder.checkSize(width, height);
            int columns = Scale.EIGHTH.length(width);
            int rows = Scale.EIGHTH.length(height);
            long[] sums = new long[RgbImage.CHANNELS];
            jpeg.decode(Region.whole(columns, rows), Scale.EIGHTH, (y, red, green, blue, start) -> {
                int rowHeight = covered(y, height);
                sums[0] += rowHeight * sum(red, start, width);
                sums[1] += rowHeight * sum(green, start, width);
                sums[2] += rowHeight * sum(blue, start, width);
            });
            return new ImageSurvey(width, height, sums[0], sums[1], sums[2]);
        } catch (JpegException e) {
            throw new UnreadableImageException(e.getMessage(), e);
        }
    }

    private static ImageSurvey of(RgbImage image) {
        byte[] pixels = image.pixels();
        long red = 0;
        long green = 0;
        long blue = 0;
        for (int i = 0; i < pixels.length; i += RgbImage.CHANNELS) {
            red += pixels[i] & 0xFF;
            green += pixels[i + 1] & 0xFF;
            blue += pixels[i + 2] & 0xFF;
        }
        return new ImageSurvey(image.width(), image.height(), red, green, blue);
    }

    /** The sum over a row of the whole image, of so many pixels. */
    private static long sum(byte[] eighths, int start, int width) {
        int last = Scale.EIGHTH.length(width) - 1;
        long sum = 0;
        for (int i = start; i < start + last; i++) {
            sum += eighths[i] & 0xFF;
        }
        return Scale.EIGHTH.factor() * sum + covered(last, width) * (long) (eighths[start + last] & 0xFF);
    }

    /** How many samples of a whole length one of an eighth stands for: fewer at the end. */
    private static int covered(int eighth, int length) {
        return Math.min(Scale.EIGHTH.factor(), length - Scale.EIGHTH.factor() * eighth);
    }
}
