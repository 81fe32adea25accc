package sknet.data.image;

import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;
import sknet.data.image.jpeg.JpegDecoder;
import sknet.data.image.jpeg.JpegException;
import sknet.data.image.jpeg.Region;
import sknet.data.image.jpeg.Scale;

/**
 * Brings images from their file's bytes into a batch, and decodes no more of a JPEG than its transform shows. Keeps its memory
 * from image to image; for one thread.
 *
 * <p>Damage behind the part that is shown goes unnoticed; {@code prepare} has read every image whole.
 */
public final class ImageLoader {
    /** What is left to shrink behind a scaled decoding, whose samples are sharper than those of the filter. */
    private static final double REST = 1.5;

    private final JpegDecoder jpeg = new JpegDecoder();
    private final Resampler resampler = new Resampler();

    /**
     * Loads an image.
     *
     * @param bytes  a JPEG or PNG file
     * @param random where random transforms draw from
     * @param mean   R, G, B in 0..255, subtracted
     * @param out    receives 3 * size * size values, by absolute position
     * @param offset index of the first value in {@code out}
     * @throws UnreadableImageException if it cannot be decoded; see {@link ImageDecoder#decode}
     */
    public void load(byte[] bytes, ImageTransform transform, RandomGenerator random, float[] mean, FloatBuffer out, int offset)
            throws UnreadableImageException {
        if (!ImageDecoder.isJpeg(bytes)) {
            RgbImage image = ImageDecoder.decode(bytes);
            resampler.write(image, transform.window(image.width(), image.height(), random), mean, out, offset);
            return;
        }
        try {
            jpeg.open(bytes);
            ImageDecoder.checkSize(jpeg.width(), jpeg.height());
            Window window = transform.window(jpeg.width(), jpeg.height(), random);
            Scale scale = scale(window);
            Region region = resampler.start(window, scale.factor(), mean, out, offset);
            if (region.width() > 0 && region.height() > 0) {
                jpeg.decode(region, scale, resampler);
            }
        } catch (JpegException e) {
            throw new UnreadableImageException(e.getMessage(), e);
        }
    }

    private static Scale scale(Window window) {
        double shrinkage = window.shrinkage() / REST;
        if (shrinkage >= Scale.QUARTER.factor()) {
            return Scale.QUARTER;
        }
        return shrinkage >= Scale.HALF.factor() ? Scale.HALF : Scale.FULL;
    }
}
