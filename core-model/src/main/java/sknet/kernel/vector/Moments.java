package sknet.kernel.vector;

import java.nio.ByteBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/**
 * Means and variances of channels, in one pass. The sums are of differences from the first pixel, so that the variance does not drown in a
 * large mean; they are of floats in a strip and of doubles over strips.
 */
final class Moments {
    private final Strips strips;
    private final int channels;
    private final long values;
    private final float[] first;
    /** Of a strip: the sums of the differences and of their squares. */
    private final float[] sums;
    private final double[] total;

    Moments(Strips strips) {
        this.strips = strips;
        channels = strips.channels();
        values = (long) strips.images() * strips.pixels();
        first = new float[channels];
        sums = new float[strips.count() * 2 * channels];
        total = new double[2 * channels];
    }

    void take(Lanes lanes, ByteBuffer maps) {
        for (int c = 0; c < channels; c++) {
            first[c] = lanes.get(maps, c);
        }
        Arrays.fill(sums, 0);
        Team.run(strips.count(), strip -> add(lanes, maps, strips.start(strip), strips.end(strip), strip * 2 * channels));
        Strips.sum(sums, total);
    }

    private void add(Lanes lanes, ByteBuffer maps, int start, int end, int to) {
        int whole = Lanes.whole(channels);
        for (int block = start; block < end; block += Strips.BLOCK) {
            int stop = Math.min(block + Strips.BLOCK, end);
            for (int c = 0; c < whole; c += Lanes.WIDTH) {
                FloatVector origin = FloatVector.fromArray(Lanes.SPECIES, first, c);
                FloatVector sum = FloatVector.fromArray(Lanes.SPECIES, sums, to + c);
                FloatVector squares = FloatVector.fromArray(Lanes.SPECIES, sums, to + channels + c);
                for (int at = block * channels + c; at < stop * channels; at += channels) {
                    FloatVector difference = lanes.load(maps, at).sub(origin);
                    sum = sum.add(difference);
                    squares = difference.fma(difference, squares);
                }
                sum.intoArray(sums, to + c);
                squares.intoArray(sums, to + channels + c);
            }
            for (int c = whole; c < channels; c++) {
                for (int at = block * channels + c; at < stop * channels; at += channels) {
                    float difference = lanes.get(maps, at) - first[c];
                    sums[to + c] += difference;
                    sums[to + channels + c] += difference * difference;
                }
            }
        }
    }

    double mean(int c) {
        return first[c] + total[c] / values;
    }

    /** Biased, never below 0. */
    double variance(int c) {
        double offset = total[c] / values;
        return Math.max(0, total[channels + c] / values - offset * offset);
    }

    double unbiasedVariance(int c) {
        return variance(c) * values / (values - 1);
    }
}
