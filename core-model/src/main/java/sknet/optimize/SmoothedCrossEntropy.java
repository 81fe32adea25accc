package sknet.optimize;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.ops.transforms.Transforms;

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
        return logSoftmax(logits).muli(targets(labels, logits, mask)).sum(true, 1).negi();
    }

    @Override
    public INDArray computeGradient(INDArray labels, INDArray logits, IActivation activation, INDArray mask) {
        return Transforms.exp(logSoftmax(logits), false).subi(targets(labels, logits, mask));
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

    private INDArray targets(INDArray labels, INDArray logits, INDArray mask) {
        if (mask != null) {
            throw new UnsupportedOperationException("Cannot mask labels of a classification (expected no mask)");
        }
        return labels.castTo(logits.dataType()).mul(1 - smoothing).addi(smoothing / labels.size(1));
    }

    /** The largest logit is subtracted first: ND4J's own log_softmax overflows where it is large. */
    private static INDArray logSoftmax(INDArray logits) {
        INDArray shifted = logits.sub(logits.max(true, 1));
        return shifted.subi(Transforms.log(Transforms.exp(shifted, true).sum(true, 1), false));
    }
}
