package sknet.kernel.vector;

/** The softmax over the branches (equation 5) and its gradient, on vectors {@code [M, N, C]}. */
final class Attention {
    /** With room for a vector behind them. */
    final float[] weights;
    private final int branches;
    private final int images;
    private final int channels;

    Attention(int branches, int images, int channels) {
        this.branches = branches;
        this.images = images;
        this.channels = channels;
        weights = new float[branches * images * channels + Lanes.WIDTH];
    }

    /** The place of a branch's values for an image. */
    int at(int branch, int image) {
        return (branch * images + image) * channels;
    }

    /** @param logits {@code [N, M * C]} */
    void attend(float[] logits) {
        for (int n = 0; n < images; n++) {
            for (int c = 0; c < channels; c++) {
                int logit = n * branches * channels + c;
                float largest = logits[logit];
                for (int m = 1; m < branches; m++) {
                    largest = Math.max(largest, logits[logit + m * channels]);
                }
                double sum = 0;
                for (int m = 0; m < branches; m++) {
                    double power = Math.exp(logits[logit + m * channels] - largest);
                    weights[at(m, n) + c] = (float) power;
                    sum += power;
                }
                for (int m = 0; m < branches; m++) {
                    weights[at(m, n) + c] /= (float) sum;
                }
            }
        }
    }

    /**
     * logitGradient = weights * (gradient - sum over branches of weights * gradient).
     *
     * @param gradient      with respect to the weights, {@code [M, N, C]}
     * @param logitGradient {@code [N, M * C]}
     */
    void backward(float[] gradient, float[] logitGradient) {
        for (int n = 0; n < images; n++) {
            for (int c = 0; c < channels; c++) {
                double mean = 0;
                for (int m = 0; m < branches; m++) {
                    mean += (double) weights[at(m, n) + c] * gradient[at(m, n) + c];
                }
                for (int m = 0; m < branches; m++) {
                    logitGradient[(n * branches + m) * channels + c] = (float) (weights[at(m, n) + c] * (gradient[at(m, n) + c] - mean));
                }
            }
        }
    }
}
