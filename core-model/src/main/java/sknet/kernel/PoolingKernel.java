package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** One pooling of a fixed {@link PoolingShape}. */
public interface PoolingKernel extends Kernel {

    /**
     * Pools.
     *
     * @param input  {@code [N, C, H, W]}
     * @param output {@code [N, C, H', W']}; {@code [N, C]} over whole maps
     */
    void forward(INDArray input, INDArray output);

    /**
     * The gradient of the last {@link #forward}.
     *
     * @param input          what {@link #forward} read
     * @param outputGradient as the output
     * @param inputGradient  as the input
     */
    void backward(INDArray input, INDArray outputGradient, INDArray inputGradient);
}
