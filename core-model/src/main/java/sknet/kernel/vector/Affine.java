package sknet.kernel.vector;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;

/**
 * A batch norm brought to one product and one sum a value: rectify(scale * x + shift). A rectifier is a floor: 0 for ReLU, minus infinity for
 * none.
 */
final class Affine {
    final float[] scale;
    final float[] shift;
    final float[] mean;
    /** 1 / sqrt(variance + epsilon). */
    final float[] inverseDeviation;
    final float[] gamma;
    final float[] beta;
    final float floor;
    /** The batch's own. */
    private final float[] unbiasedVariance;
    private final double epsilon;

    Affine(int channels, Rectifier rectifier, double epsilon) {
        this.epsilon = epsilon;
        floor = floor(rectifier);
        scale = new float[channels];
        shift = new float[channels];
        mean = new float[channels];
        inverseDeviation = new float[channels];
        gamma = new float[channels];
        beta = new float[channels];
        unbiasedVariance = new float[channels];
    }

    /** What a rectifier lifts values to. */
    static float floor(Rectifier rectifier) {
        return rectifier == Rectifier.RELU ? 0 : Float.NEGATIVE_INFINITY;
    }

    /** Normalises by the statistics of the maps. */
    void fit(Moments moments, NormVectors norm) {
        Memory.read(norm.gamma(), gamma);
        Memory.read(norm.beta(), beta);
        for (int c = 0; c < scale.length; c++) {
            set(c, moments.mean(c), moments.variance(c));
            unbiasedVariance[c] = (float) moments.unbiasedVariance(c);
        }
    }

    /** Normalises by running statistics. */
    void take(NormVectors norm) {
        Memory.read(norm.gamma(), gamma);
        Memory.read(norm.beta(), beta);
        Memory.read(norm.mean(), mean);
        Memory.read(norm.variance(), inverseDeviation);
        for (int c = 0; c < scale.length; c++) {
            set(c, mean[c], inverseDeviation[c]);
        }
    }

    private void set(int c, double ofMean, double ofVariance) {
        double inverse = 1 / Math.sqrt(ofVariance + epsilon);
        mean[c] = (float) ofMean;
        inverseDeviation[c] = (float) inverse;
        scale[c] = (float) (gamma[c] * inverse);
        shift[c] = (float) (beta[c] - ofMean * gamma[c] * inverse);
    }

    /** The statistics' pseudo-gradients, share * (running - ofBatch). */
    void pull(double share, NormVectors norm, NormVectors gradients) {
        pull((float) share, mean, Memory.of(norm.mean()), Memory.of(gradients.mean()));
        pull((float) share, unbiasedVariance, Memory.of(norm.variance()), Memory.of(gradients.variance()));
    }

    private static void pull(float share, float[] ofBatch, ByteBuffer running, ByteBuffer gradient) {
        for (int c = 0; c < ofBatch.length; c++) {
            gradient.putFloat(c << 2, share * (running.getFloat(c << 2) - ofBatch[c]));
        }
    }

    /** Writes the rectified values of rows {@code start} to {@code end}. */
    void apply(Lanes lanes, ByteBuffer input, ByteBuffer output, int start, int end) {
        int channels = scale.length;
        int whole = Lanes.whole(channels);
        for (int block = start; block < end; block += Strips.BLOCK) {
            int stop = Math.min(block + Strips.BLOCK, end);
            for (int c = 0; c < whole; c += Lanes.WIDTH) {
                FloatVector factor = FloatVector.fromArray(Lanes.SPECIES, scale, c);
                FloatVector addend = FloatVector.fromArray(Lanes.SPECIES, shift, c);
                for (int at = block * channels + c; at < stop * channels; at += channels) {
                    lanes.store(lanes.load(input, at).fma(factor, addend).max(floor), output, at);
                }
            }
            for (int c = whole; c < channels; c++) {
                for (int at = block * channels + c; at < stop * channels; at += channels) {
                    lanes.put(value(lanes.get(input, at), c), output, at);
                }
            }
        }
    }

    /** One normalised and rectified value. */
    float value(float x, int c) {
        return Math.max(Math.fma(x, scale[c], shift[c]), floor);
    }

    /** Whether the rectifier lets a value through. */
    boolean passes(float x, int c) {
        return Math.fma(x, scale[c], shift[c]) > floor;
    }
}
