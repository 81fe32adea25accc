package sknet.optimize;

import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.AverageKernel;
import sknet.kernel.KernelProvider;

/**
 * The exponential moving average of a network's whole parameter vector: average = decay * average + (1 - decay) * parameters after each step.
 * Szegedy et al. ("Rethinking the Inception Architecture", section 8) evaluate such an average; running statistics are averaged too, as by timm's
 * ModelEmaV2.
 */
public final class MovingAverage {
    private final INDArray average;
    private final double decay;
    private final AverageKernel kernel;

    /**
     * @param start of the average, which is copied
     * @param decay share of the average that a step keeps, 0 to below 1
     */
    public MovingAverage(INDArray start, double decay) {
        average = start.dup('c');
        this.decay = decay;
        kernel = KernelProvider.kernels().average(start.dataType());
    }

    /** Adds what the parameters are after a step. */
    public void add(INDArray parameters) {
        kernel.add(average, parameters, 1 - decay);
    }

    /** The average itself, of the parameters' shape; no copy. */
    public INDArray values() {
        return average;
    }
}
