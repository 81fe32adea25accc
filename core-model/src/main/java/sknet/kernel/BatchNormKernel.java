package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One batch norm of a fixed {@link ChannelShape}, with an optional {@link Rectifier} behind it. Activations are dense, c-order
 * and of the kernel's data type; the vectors have one value a channel.
 */
public interface BatchNormKernel extends Kernel {

    /**
     * Normalises by the batch's own mean and biased variance: output = rectify(gamma * (input - mean) / sqrt(variance + epsilon)
     * + beta).
     *
     * @param input  {@code [N, C, H, W]} or {@code [N, C]}
     * @param output as the input
     */
    void forward(INDArray input, NormVectors norm, INDArray output);

    /**
     * The gradients of the last {@link #forward}, through the batch statistics too. The statistics' own are pseudo-gradients: share *
     * (running - ofBatch), with the unbiased variance of the batch.
     *
     * @param input          what {@link #forward} read
     * @param outputGradient the gradient of what it wrote
     * @param norm           as it was then
     * @param inputGradient  may be the same array as {@code input} or {@code outputGradient}
     * @param share          of the batch in the new statistics, times the batch size
     * @param gradients      summed over the batch
     */
    void backward(INDArray input, INDArray outputGradient, NormVectors norm, INDArray inputGradient, double share, NormVectors gradients);

    /**
     * Normalises by the running statistics, as evaluation does.
     *
     * @param output may be the same array as {@code input}
     */
    void infer(INDArray input, NormVectors norm, INDArray output);
}
