package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** rectify(a + b), value by value, whatever the layout. */
public interface SumKernel extends Kernel {

    /**
     * output = rectify(first + second).
     *
     * @param output may be one of the addends
     */
    void forward(INDArray first, INDArray second, INDArray output);

    /**
     * The gradient with respect to either addend.
     *
     * @param output what {@link #forward} wrote: the rectifier's derivative is read off it
     */
    void backward(INDArray output, INDArray outputGradient, INDArray gradient);
}
