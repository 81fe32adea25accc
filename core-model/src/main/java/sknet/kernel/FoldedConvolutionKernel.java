package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One convolution of a fixed {@link ConvolutionShape} with the batch norm behind it folded in, as evaluation normalises: by the running
 * statistics. output = rectify(input * weights + shift), where both are scaled by gamma / sqrt(variance + epsilon).
 */
public interface FoldedConvolutionKernel extends Kernel {

    /**
     * Takes the parameters of all calls of {@link #forward} until the next.
     *
     * @param weights OIHW
     */
    void fold(INDArray weights, NormVectors norm);

    /**
     * Convolves.
     *
     * @param input  {@code [N, C, H, W]}
     * @param output {@code [N, O, H', W']}
     */
    void forward(INDArray input, INDArray output);

    /**
     * Convolves and adds an array before the rectifier: for kernels that were made with {@link Store#ADD}.
     *
     * @param addend {@code [N, O, H', W']}; another array than the output
     */
    void forward(INDArray input, INDArray addend, INDArray output);
}
