package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Fuse and Select of an SK convolution with M branches of a fixed {@link ChannelShape} (Selective Kernel Networks, equations 1,
 * 2, 5 and 6). Branch activations are M arrays {@code [N, C, H, W]}; all arrays are dense. Not for use by several threads at once.
 */
public interface SelectionKernel extends AutoCloseable {

    /**
     * Equations 1 and 2: the branches' sum, averaged over the map.
     *
     * @param branches {@code [N, C, H, W]} each
     * @param fused    {@code [N, C]}
     */
    void fuse(INDArray[] branches, INDArray fused);

    /**
     * Equations 5 and 6: softmax over the branches, then the weighted sum.
     *
     * @param branches {@code [N, C, H, W]} each
     * @param logits   {@code [N, M * C]}, column m * C + c for branch m, channel c
     * @param output   {@code [N, C, H, W]}
     */
    void select(INDArray[] branches, INDArray logits, INDArray output);

    /** The attention weights {@code [M, N, C]} of the last {@link #select}; overwritten by the next. */
    INDArray attention();

    /**
     * The gradient of the last {@link #select} with respect to its logits.
     *
     * @param branches       {@code [N, C, H, W]} each
     * @param outputGradient {@code [N, C, H, W]}
     * @param logitGradient  {@code [N, M * C]}
     */
    void selectBackward(INDArray[] branches, INDArray outputGradient, INDArray logitGradient);

    /**
     * The gradient with respect to one branch, through Select's products and through the pooled sum.
     *
     * @param branch         from 0
     * @param outputGradient {@code [N, C, H, W]}
     * @param pixelGradient  {@code [N, C]}: what each pixel of a map gets through the pooling, the fused vector's gradient / (H * W)
     * @param branchGradient {@code [N, C, H, W]}
     */
    void branchBackward(int branch, INDArray outputGradient, INDArray pixelGradient, INDArray branchGradient);

    /** Frees the buffers. */
    @Override
    void close();
}
