package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The largest and the mean value of every pixel's channels: {@code [N, C, H, W]} to {@code [N, 2, H, W]}, the largest first. */
public interface ChannelPoolingKernel extends Kernel {

    /** Pools. */
    void forward(INDArray input, INDArray output);

    /**
     * The gradient of the last {@link #forward}; of equal largest values the first channel gets it.
     *
     * @param input  what that read
     * @param output what that wrote
     */
    void backward(INDArray input, INDArray output, INDArray outputGradient, INDArray inputGradient);
}
