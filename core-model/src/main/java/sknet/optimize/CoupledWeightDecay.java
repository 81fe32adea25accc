package sknet.optimize;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.pairwise.arithmetic.Axpy;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.regularization.Regularization;

/**
 * Weight decay as in Caffe and PyTorch's SGD: g += coefficient * w before the momentum.
 *
 * <p>The gradient is that of DL4J's L2Regularization; the score is not: here it stays the loss of the data alone, which is what curves of
 * training loss show, and saves a norm of every parameter in every step.
 *
 * @param coefficient 1e-4 in the paper
 */
public record CoupledWeightDecay(double coefficient) implements Regularization {
    private static final long serialVersionUID = 1L;

    @Override
    public ApplyStep applyStep() {
        return ApplyStep.BEFORE_UPDATER;
    }

    @Override
    public void apply(INDArray parameters, INDArray gradient, double rate, int iteration, int epoch) {
        Nd4j.exec(new Axpy(parameters, gradient, gradient, coefficient));
    }

    @Override
    public double score(INDArray parameters, int iteration, int epoch) {
        return 0;
    }

    @Override
    public CoupledWeightDecay clone() {
        return new CoupledWeightDecay(coefficient);
    }
}
