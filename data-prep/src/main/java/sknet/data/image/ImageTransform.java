package sknet.data.image;

import java.io.Serializable;
import java.nio.FloatBuffer;
import java.util.random.RandomGenerator;

/**
 * Turns one image into a square network input: channels R, G, B (CHW), float32, the channel mean subtracted and nothing divided.
 *
 * <p>Resampling is a separable triangle filter that widens when it shrinks (antialiasing), as PIL's bilinear resize; unlike
 * PIL's, intermediate and final values are not rounded to whole numbers.
 */
public sealed interface ImageTransform extends Serializable permits RandomResizedCrop, PadCrop, ResizeCentreCrop {
    /** Height and width of the output in pixels. */
    int size();

    /**
     * Decides what an image's output shows; its size alone matters, so that no more of it need be decoded.
     *
     * @param random where random transforms draw from; the others leave it alone
     */
    Window window(int width, int height, RandomGenerator random);

    /**
     * Writes an image that is decoded already.
     *
     * @param mean   R, G, B in 0..255
     * @param out    receives 3 * size * size values, by absolute position
     * @param offset index of the first value in {@code out}
     */
    default void apply(RgbImage image, RandomGenerator random, float[] mean, FloatBuffer out, int offset) {
        new Resampler().write(image, window(image.width(), image.height(), random), mean, out, offset);
    }
}
