package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One batch norm of a fixed {@link ChannelShape}, with an optional {@link Rectifier} behind it. Activations are dense, c-order
 * and of the kernel's data type; the vectors have one value a channel. Not for use by several threads at once.
 */
public interface BatchNormKernel extends AutoCloseable {

    /**
     * Normalises by the batch's own mean and biased variance: output = rectify(gamma * (input - mean) / sqrt(variance + epsilon)
     * + beta).
     *
     * @param input  {@code [N, C, H, W]} or {@code [N, C]}
     * @param output as the input
     */
    void forward(INDArray input, INDArray gamma, INDArray beta, INDArray output);

    /**
     * The gradients of the last {@link #forward}, through the batch statistics too.
     *
     * @param input          what {@link #forward} read
     * @param output         what {@link #forward} wrote: the rectifier's derivative is read off it
     * @param outputGradient its gradient
     * @param inputGradient  may be the same array as {@code outputGradient}
     * @param gammaGradient  {@code [C]}, summed over the batch
     * @param betaGradient   {@code [C]}, summed over the batch
     */
    void backward(INDArray input, INDArray output, INDArray outputGradient, INDArray gamma, INDArray inputGradient,
                  INDArray gammaGradient, INDArray betaGradient);

    /**
     * The pseudo-gradients of the running statistics, share * (old - ofBatch), of the last {@link #forward}; the variance of the batch is
     * the unbiased one.
     *
     * @param share            of the batch in the new statistics, times the batch size
     * @param mean             the running mean {@code [C]}
     * @param variance         the running variance {@code [C]}
     * @param meanGradient     {@code [C]}
     * @param varianceGradient {@code [C]}
     */
    void statisticGradients(double share, INDArray mean, INDArray variance, INDArray meanGradient, INDArray varianceGradient);

    /** Normalises by the given statistics, as in evaluation. */
    void inference(INDArray input, INDArray gamma, INDArray beta, INDArray mean, INDArray variance, INDArray output);

    /** Frees the buffers. */
    @Override
    void close();
}
