package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One convolution of a fixed {@link ConvolutionShape}. All arrays are dense, c-order and of the kernel's data type; outputs are
 * overwritten.
 */
public interface ConvolutionKernel extends Kernel {

    /**
     * output = input * weights.
     *
     * @param input   {@code [N, C, H, W]}
     * @param weights OIHW
     * @param output  {@code [N, O, H', W']}
     */
    void forward(INDArray input, INDArray weights, INDArray output);

    /**
     * The gradient with respect to the weights, summed over the batch. Follows {@link #forward} of the same input, and may use
     * what that call prepared.
     *
     * @param input           {@code [N, C, H, W]}
     * @param outputGradient  {@code [N, O, H', W']}
     * @param weightGradient  OIHW
     */
    void backwardWeights(INDArray input, INDArray outputGradient, INDArray weightGradient);

    /**
     * The gradient with respect to the input.
     *
     * @param outputGradient {@code [N, O, H', W']}
     * @param weights        OIHW
     * @param inputGradient  {@code [N, C, H, W]}
     */
    void backwardData(INDArray outputGradient, INDArray weights, INDArray inputGradient, Store store);
}
