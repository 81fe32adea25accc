package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** relu(a + b), value by value, whatever the layout. Not for use by several threads at once. */
public interface ResidualKernel extends AutoCloseable {

    /** output = relu(first + second). */
    void forward(INDArray first, INDArray second, INDArray output);

    /**
     * The gradient with respect to either addend.
     *
     * @param output what {@link #forward} wrote: the rectifier's derivative is read off it
     */
    void backward(INDArray output, INDArray outputGradient, INDArray gradient);

    /** Frees the buffers. */
    @Override
    void close();
}
