package sknet.data.prepare;

import java.io.Serializable;
import java.util.List;
import sknet.data.image.RgbImage;

/** Exact sums of R, G and B over pixels: whole numbers, so the mean does not depend on the order of summation. */
record ChannelSums(long red, long green, long blue, long pixels) implements Serializable {
    static final ChannelSums NONE = new ChannelSums(0, 0, 0, 0);

    static ChannelSums of(RgbImage image) {
        byte[] pixels = image.pixels();
        long red = 0;
        long green = 0;
        long blue = 0;
        for (int i = 0; i < pixels.length; i += 3) {
            red += pixels[i] & 0xFF;
            green += pixels[i + 1] & 0xFF;
            blue += pixels[i + 2] & 0xFF;
        }
        return new ChannelSums(red, green, blue, pixels.length / 3);
    }

    ChannelSums plus(ChannelSums other) {
        return new ChannelSums(red + other.red, green + other.green, blue + other.blue, pixels + other.pixels);
    }

    /** Mean of R, G and B in 0..255. */
    List<Double> mean() {
        return List.of((double) red / pixels, (double) green / pixels, (double) blue / pixels);
    }
}
