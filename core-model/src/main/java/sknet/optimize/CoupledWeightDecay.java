package sknet.optimize;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.regularization.L2Regularization;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Weight decay as in Caffe and PyTorch's SGD: g += coefficient * w before the momentum.
 *
 * <p>The gradient is that of DL4J's L2Regularization; the score is not: here it stays the loss of the data alone, which is what
 * curves of training loss show, and saves a norm of every parameter in every step. (It extends that class because DL4J M2.1 adds
 * every other global regularisation to a layer twice.)
 */
public final class CoupledWeightDecay extends L2Regularization {
    private static final long serialVersionUID = 1L;

    /** @param coefficient 1e-4 in the paper */
    public CoupledWeightDecay(double coefficient) {
        this(new FixedSchedule(coefficient));
    }

    /** For DL4J's JSON. */
    CoupledWeightDecay(@JsonProperty("l2") ISchedule coefficient) {
        super(coefficient);
    }

    double coefficient(int iteration, int epoch) {
        return l2.valueAt(iteration, epoch);
    }

    @Override
    public double score(INDArray parameters, int iteration, int epoch) {
        return 0;
    }

    @Override
    public CoupledWeightDecay clone() {
        return new CoupledWeightDecay(l2.clone());
    }
}
