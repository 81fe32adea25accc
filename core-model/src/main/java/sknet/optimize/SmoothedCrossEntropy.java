package sknet.optimize;

import java.util.Arrays;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Softmax cross-entropy with label smoothing: the target is q = (1 - smoothing) * one-hot + smoothing / K over K classes (Szegedy
 * et al., "Rethinking the Inception Architecture", section 7, which the paper cites without a value; 0.1 there).
 *
 * <p>It works on logits {@code [N, K]}: the output layer's activation is ignored and should be the identity. As everywhere in
 * DL4J, gradients are sums over the batch.
 *
 * @param smoothing in [0, 1), 0 for the plain cross-entropy
 */
public record SmoothedCrossEntropy(double smoothing) implements ILossFunction {
    private static final long serialVersionUID = 1L;

    /** @throws IllegalArgumentException for a smoothing outside of [0, 1) */
    public SmoothedCrossEntropy {
        if (!(smoothing >= 0 && smoothing < 1)) {
            throw new IllegalArgumentException("Cannot smooth labels: smoothing " + smoothing + " (expected 0 <= smoothing < 1)");
        }
    }

    @Override
    public double computeScore(INDArray labels, INDArray logits, IActivation activation, INDArray mask, boolean average) {
        double sum = computeScoreArray(labels, logits, activation, mask).sumNumber().doubleValue();
        return average ? sum / logits.size(0) : sum;
    }

    @Override
    public INDArray computeScoreArray(INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
        double[] losses = new double[rows(labels, logits, mask)];
        forEach(labels, logits, (row, column, logProbability, target) -> losses[row] -= target * logProbability);
        return Nd4j.createFromArray(losses).castTo(logits.dataType()).reshape(losses.length, 1);
    }

    @Override
    public INDArray computeGradient(INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
        int columns = Math.toIntExact(logits.size(1));
        double[] gradient = new double[rows(labels, logits, mask) * columns];
        forEach(labels, logits, (row, column, logProbability, target) ->
                gradient[row * columns + column] = Math.exp(logProbability) - target);
        return Nd4j.createFromArray(gradient).castTo(logits.dataType()).reshape('c', logits.shape());
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(INDArray labels, INDArray logits, IActivation activation, INDArray mask,
                                                          boolean average) {
        return new Pair<>(computeScore(labels, logits, activation, mask, average), computeGradient(labels, logits, activation,
                mask));
    }

    @Override
    public String name() {
        return "SmoothedCrossEntropy";
    }

    private static int rows(INDArray labels, INDArray logits, INDArray mask) {
        if (mask != null) {
            throw new UnsupportedOperationException("Cannot mask labels of a classification (expected no mask)");
        }
        if (!labels.equalShapes(logits)) {
            throw new IllegalArgumentException("Cannot compare labels " + Arrays.toString(labels.shape()) + " with logits "
                    + Arrays.toString(logits.shape()) + " (expected equal shapes)");
        }
        return Math.toIntExact(logits.size(0));
    }

    /** Takes one logit. */
    @FunctionalInterface
    private interface Term {
        void accept(int row, int column, double logProbability, double target);
    }

    /** In Java's double, on copies: a dozen operations on such small arrays cost more than the arithmetic. */
    private void forEach(INDArray labels, INDArray logits, Term term) {
        double[] label = labels.dup('c').data().asDouble();
        double[] logit = logits.dup('c').data().asDouble();
        int columns = Math.toIntExact(logits.size(1));
        for (int row = 0; row < logits.size(0); row++) {
            double logSum = logSumOfExp(logit, row * columns, columns);
            for (int column = 0; column < columns; column++) {
                int at = row * columns + column;
                term.accept(row, column, logit[at] - logSum, (1 - smoothing) * label[at] + smoothing / columns);
            }
        }
    }

    /** The largest value is taken out first, which no exponential can overflow then. */
    private static double logSumOfExp(double[] values, int start, int count) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = start; i < start + count; i++) {
            largest = Math.max(largest, values[i]);
        }
        double sum = 0;
        for (int i = start; i < start + count; i++) {
            sum += Math.exp(values[i] - largest);
        }
        return largest + Math.log(sum);
    }
}
