package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The end of a residual block: max(0, sum of addends). The first addend is a convolution's output that is batch-normalised in the sum; the second
 * is too, if it comes from a projection, or else the block's input as it is. All are {@code [N, C, H, W]} of a fixed {@link ChannelShape}.
 */
public interface ResidualKernel extends Kernel {

    /**
     * Normalises by the batch's own statistics and adds up.
     *
     * @param norms  of the addends that have one, the first or both
     * @param output another array than the addends
     */
    void forward(INDArray[] addends, NormVectors[] norms, INDArray output);

    /**
     * The gradients of the last {@link #forward}.
     *
     * @param output        what that wrote: the rectifier's derivative is read off it
     * @param gradients     of the addends; may be the same arrays as the addends
     * @param share         of the batch in the new statistics, times the batch size
     * @param normGradients as {@link BatchNormKernel#backward} gives them
     */
    void backward(INDArray[] addends, NormVectors[] norms, INDArray output, INDArray outputGradient, INDArray[] gradients, double share,
                  NormVectors[] normGradients);
}
