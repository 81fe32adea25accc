package sknet.data.prepare;

import java.io.Serializable;
import java.util.List;
import sknet.data.image.ImageSurvey;

/** Exact sums of R, G and B over pixels: whole numbers, so the mean does not depend on the order of summation. */
record ChannelSums(long red, long green, long blue, long pixels) implements Serializable {
    static final ChannelSums NONE = new ChannelSums(0, 0, 0, 0);

    static ChannelSums of(ImageSurvey image) {
        return new ChannelSums(image.red(), image.green(), image.blue(), (long) image.width() * image.height());
    }

    ChannelSums plus(ChannelSums other) {
        return new ChannelSums(red + other.red, green + other.green, blue + other.blue, pixels + other.pixels);
    }

    /** Mean of R, G and B in 0..255. */
    List<Double> mean() {
        return List.of((double) red / pixels, (double) green / pixels, (double) blue / pixels);
    }
}
