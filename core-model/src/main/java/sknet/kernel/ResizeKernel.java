package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Maps brought to another size by bilinear interpolation, corner pixels on corner pixels. */
public interface ResizeKernel extends Kernel {

    /**
     * Interpolates.
     *
     * @param input  {@code [N, C, H, W]}
     * @param output {@code [N, C, H', W']}
     */
    void forward(INDArray input, INDArray output);

    /** The gradient. */
    void backward(INDArray outputGradient, INDArray inputGradient);
}
