package sknet.kernel.vector;

import sknet.kernel.NormVectors;

/**
 * The gradient of a batch norm, with the way through the batch's statistics: scale * (dy - mean(dy) - normalised * mean(dy * normalised)),
 * brought to scale * dy + slope * x + offset.
 */
final class NormGradient {
    /** The sums of dy over a channel, then those of dy * (x - mean). */
    final double[] sums;
    final float[] slope;
    final float[] offset;
    private final Affine affine;
    private final long values;

    NormGradient(Affine affine, long values) {
        this.affine = affine;
        this.values = values;
        int channels = affine.scale.length;
        sums = new double[2 * channels];
        slope = new float[channels];
        offset = new float[channels];
    }

    /** Slope and offset from the sums. */
    void solve() {
        int channels = slope.length;
        for (int c = 0; c < channels; c++) {
            double scale = affine.scale[c];
            double inverse = affine.inverseDeviation[c];
            double s = -scale * inverse * inverse * sums[channels + c] / values;
            slope[c] = (float) s;
            offset[c] = (float) (-scale * sums[c] / values - affine.mean[c] * s);
        }
    }

    /** The gradients of gamma and beta. */
    void write(NormVectors gradients) {
        int channels = slope.length;
        float[] gamma = new float[channels];
        float[] beta = new float[channels];
        for (int c = 0; c < channels; c++) {
            gamma[c] = (float) (affine.inverseDeviation[c] * sums[channels + c]);
            beta[c] = (float) sums[c];
        }
        Memory.write(gamma, gradients.gamma());
        Memory.write(beta, gradients.beta());
    }
}
