package sknet.analyze;

import java.io.Serializable;
import java.util.Arrays;
import java.util.List;
import sknet.model.SelectiveUnit;

/**
 * The attention of some images, added up: per scale, unit, kernel and channel over all images; and per scale, unit, kernel and class, where an image
 * counts with the mean over the unit's channels. Of each unit there is one quantity more, the largest kernel's mean minus the smallest's: the paper's
 * "mean attention difference". Its size depends on network and classes alone.
 */
public final class AttentionSums implements Serializable {

    private final List<SelectiveUnit> units;
    /** Of each class. */
    private final long[] images;
    /** By scale and unit; in it by kernel, then channel. */
    private final Moments[][] channels;
    /** By scale and unit; in it by class, then kernel, with the difference behind the kernels. */
    private final Moments[][] classes;

    AttentionSums(List<SelectiveUnit> units, int scales, int classCount) {
        this.units = units;
        images = new long[classCount];
        channels = new Moments[scales][units.size()];
        classes = new Moments[scales][units.size()];
        for (int scale = 0; scale < scales; scale++) {
            for (int u = 0; u < units.size(); u++) {
                int kernels = units.get(u).kernels().size();
                channels[scale][u] = new Moments(kernels * units.get(u).channels());
                classes[scale][u] = new Moments(classCount * (kernels + 1));
            }
        }
    }

    /** Counts images, once for all scales and units. */
    void count(int[] labels) {
        for (int label : labels) {
            images[label]++;
        }
    }

    /**
     * Adds the attention of images in one unit, at one scale.
     *
     * @param attention [N, M, C], the M in the layer's order
     * @param labels    N
     * @throws IllegalArgumentException if a weight is not from 0 to 1
     */
    void add(int scale, int u, float[] attention, int[] labels) {
        SelectiveUnit unit = units.get(u);
        int kernels = unit.kernels().size();
        double[] means = new double[kernels + 1];
        for (int n = 0; n < labels.length; n++) {
            for (int k = 0; k < kernels; k++) {
                int first = (n * kernels + unit.kernels().get(k).branch()) * unit.channels();
                means[k] = addChannels(channels[scale][u], k * unit.channels(), attention, first, unit);
            }
            means[kernels] = means[kernels - 1] - means[0];
            for (int k = 0; k <= kernels; k++) {
                classes[scale][u].add(labels[n] * (kernels + 1) + k, means[k]);
            }
        }
    }

    /** Returns the mean over the channels. */
    private static double addChannels(Moments sums, int place, float[] attention, int first, SelectiveUnit unit) {
        double sum = 0;
        for (int c = 0; c < unit.channels(); c++) {
            float weight = attention[first + c];
            if (!(weight >= 0 && weight <= 1)) {
                throw new IllegalArgumentException("Cannot analyze attention: a weight of " + unit.name() + " is " + weight + " (expected 0 to 1)");
            }
            sums.add(place + c, weight);
            sum += weight;
        }
        return sum / unit.channels();
    }

    /** Adds the sums of other images of the same analysis, and returns this. */
    AttentionSums plus(AttentionSums other) {
        for (int label = 0; label < images.length; label++) {
            images[label] += other.images[label];
        }
        for (int scale = 0; scale < channels.length; scale++) {
            for (int u = 0; u < units.size(); u++) {
                channels[scale][u].addAll(other.channels[scale][u]);
                classes[scale][u].addAll(other.classes[scale][u]);
            }
        }
        return this;
    }

    /** How many images there are. */
    public long images() {
        return Arrays.stream(images).sum();
    }

    /** How many images of a class there are. */
    public long images(int label) {
        return images[label];
    }

    /** The attention of a kernel in a channel, over all images. */
    public Distribution channel(int scale, int u, int kernel, int channel) {
        return channels[scale][u].of(kernel * units.get(u).channels() + channel, images());
    }

    /** The mean attention of a kernel over the channels, over the images of a class; M for the kernel: the difference. */
    public Distribution ofClass(int scale, int u, int kernel, int label) {
        return classes[scale][u].of(label * (units.get(u).kernels().size() + 1) + kernel, images[label]);
    }

    /** The same over all images. */
    public Distribution unit(int scale, int u, int kernel) {
        Moments sum = new Moments(1);
        for (int label = 0; label < images.length; label++) {
            sum.addPlace(0, classes[scale][u], label * (units.get(u).kernels().size() + 1) + kernel);
        }
        return sum.of(0, images());
    }

    /** The mean attention difference over all images: larger minus smaller. */
    public Distribution difference(int scale, int u) {
        return unit(scale, u, units.get(u).kernels().size());
    }

    /** The mean attention difference over the images of a class. */
    public Distribution difference(int scale, int u, int label) {
        return ofClass(scale, u, units.get(u).kernels().size(), label);
    }
}
