package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A moving average of parameters; both are dense vectors of one length. */
@FunctionalInterface
public interface AverageKernel {

    /**
     * average += share * (parameters - average): in this form parameters that stay as they are are its fixed point, whatever the rounding of
     * the share.
     */
    void add(INDArray average, INDArray parameters, double share);
}
