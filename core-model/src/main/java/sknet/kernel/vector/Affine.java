package sknet.kernel.vector;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
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
    final float[] beta;
    final float floor;
    private final float[] gamma;
    private final double epsilon;
    private final int channels;
    /** Of the batch. */
    private final float[] unbiasedVariance;

    Affine(Columns columns, Rectifier rectifier, double epsilon) {
        this.epsilon = epsilon;
        channels = columns.channels();
        floor = floor(rectifier);
        int length = columns.padded();
        scale = new float[length];
        shift = new float[length];
        mean = new float[length];
        inverseDeviation = new float[length];
        gamma = new float[length];
        beta = new float[length];
        unbiasedVariance = new float[length];
    }

    /** What a rectifier lifts values to. */
    static float floor(Rectifier rectifier) {
        return rectifier == Rectifier.RELU ? 0 : Float.NEGATIVE_INFINITY;
    }

    /** Takes scale and shift over, to be fitted to columns. */
    void learn(NormVectors norm) {
        Memory.floats(norm.gamma()).get(gamma, 0, channels);
        Memory.floats(norm.beta()).get(beta, 0, channels);
    }

    /** Normalises a column by the statistics of its values. */
    void fit(Column column, ByteBuffer x) {
        Moments moments = new Moments(column, x);
        for (int lane = 0; lane < column.width(); lane++) {
            int c = column.channel() + lane;
            set(c, moments.mean(lane), moments.variance(lane));
            unbiasedVariance[c] = (float) moments.unbiasedVariance(lane);
        }
    }

    /** Normalises all columns by the running statistics. */
    void settle(NormVectors norm) {
        learn(norm);
        FloatBuffer means = Memory.floats(norm.mean());
        FloatBuffer variances = Memory.floats(norm.variance());
        for (int c = 0; c < channels; c++) {
            set(c, means.get(c), variances.get(c));
        }
    }

    /** Leaves values as they are, but for the rectifier. */
    void becomeIdentity() {
        Arrays.fill(scale, 1);
        Arrays.fill(shift, 0);
    }

    private void set(int c, double ofMean, double ofVariance) {
        double inverse = 1 / Math.sqrt(ofVariance + epsilon);
        mean[c] = (float) ofMean;
        inverseDeviation[c] = (float) inverse;
        scale[c] = (float) (gamma[c] * inverse);
        shift[c] = (float) (beta[c] - ofMean * gamma[c] * inverse);
    }

    /** Writes the statistics' pseudo-gradients, share * (running - ofBatch). */
    void pull(double share, NormVectors norm, NormVectors gradients) {
        pull((float) share, mean, Memory.floats(norm.mean()), Memory.floats(gradients.mean()));
        pull((float) share, unbiasedVariance, Memory.floats(norm.variance()), Memory.floats(gradients.variance()));
    }

    private void pull(float share, float[] ofBatch, FloatBuffer running, FloatBuffer gradient) {
        for (int c = 0; c < channels; c++) {
            gradient.put(c, share * (running.get(c) - ofBatch[c]));
        }
    }

    /** Writes a column's normalised and rectified values. */
    void apply(Column column, ByteBuffer x, ByteBuffer y) {
        for (int n = 0; n < column.images(); n++) {
            apply(column.lanes(), x, y, column.channel(), column.start(n), column.end(n), column.stride());
        }
    }

    private void apply(Lanes lanes, ByteBuffer x, ByteBuffer y, int channel, int start, int end, int stride) {
        FloatVector factor = FloatVector.fromArray(Lanes.SPECIES, scale, channel);
        FloatVector addend = FloatVector.fromArray(Lanes.SPECIES, shift, channel);
        for (int at = start; at < end; at += stride) {
            lanes.store(lanes.load(x, at).fma(factor, addend).max(floor), y, at);
        }
    }
}
