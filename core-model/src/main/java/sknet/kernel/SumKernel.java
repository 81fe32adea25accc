package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** A weighted sum of arrays of one shape, with an optional {@link Rectifier} behind it: rectify(factors[0] * addends[0] + ...). */
public interface SumKernel extends Kernel {

    /** @param output may be one of the addends */
    void forward(INDArray[] addends, INDArray output);

    /**
     * The gradients of the last {@link #forward}.
     *
     * @param output    what that wrote: the rectifier's derivative is read off it
     * @param gradients of the addends; one may be the same array as {@code outputGradient}
     */
    void backward(INDArray output, INDArray outputGradient, INDArray[] gradients);
}
