package sknet.kernel.vector;

import java.nio.FloatBuffer;
import sknet.kernel.NormVectors;

/**
 * The gradient of a batch norm, with the way through the batch's statistics: scale * (dy - mean(dy) - normalised * mean(dy * normalised)),
 * brought to scale * dy + slope * x + offset.
 */
final class NormGradient {
    final float[] slope;
    final float[] offset;
    private final float[] ofGamma;
    private final float[] ofBeta;
    private final Affine affine;
    private final int channels;
    private final long values;

    NormGradient(Columns columns, Affine affine, long values) {
        this.affine = affine;
        this.values = values;
        channels = columns.channels();
        slope = new float[columns.padded()];
        offset = new float[columns.padded()];
        ofGamma = new float[columns.padded()];
        ofBeta = new float[columns.padded()];
    }

    /**
     * Solves for a channel.
     *
     * @param sum     of dy
     * @param product the sum of dy * (x - mean)
     */
    void solve(int channel, double sum, double product) {
        double scale = affine.scale[channel];
        double inverse = affine.inverseDeviation[channel];
        double s = -scale * inverse * inverse * product / values;
        slope[channel] = (float) s;
        offset[channel] = (float) (-scale * sum / values - affine.mean[channel] * s);
        ofGamma[channel] = (float) (inverse * product);
        ofBeta[channel] = (float) sum;
    }

    /** Writes all gradients. */
    void write(double share, NormVectors norm, NormVectors gradients) {
        write(ofGamma, Memory.floats(gradients.gamma()));
        write(ofBeta, Memory.floats(gradients.beta()));
        affine.pull(share, norm, gradients);
    }

    private void write(float[] from, FloatBuffer to) {
        to.put(from, 0, channels);
    }
}
