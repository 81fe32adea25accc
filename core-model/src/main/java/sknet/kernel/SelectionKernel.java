package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * All of an SK convolution behind its convolutions (Selective Kernel Networks, section 3.1), for M branches of a fixed {@link ChannelShape}:
 * the branches' batch norm and ReLU, Fuse's pooled sum (equations 1 and 2) and Select (equations 5 and 6). What it reads of a branch is the
 * convolution's output {@code [N, C, H, W]}: the rectified maps need never be written. All arrays are dense.
 */
public interface SelectionKernel extends Kernel {

    /**
     * Normalises by the batch's own statistics, adds the branches up and averages over the map.
     *
     * @param convolved {@code [N, C, H, W]} a branch
     * @param norms     of the branches
     * @param fused     {@code [N, C]}
     */
    void fuse(INDArray[] convolved, NormVectors[] norms, INDArray fused);

    /** The same, and all that follows but gradients, of branches that are normalised and rectified already, as in evaluation. */
    void fuse(INDArray[] maps, INDArray fused);

    /**
     * Softmax over the branches, then the weighted sum of the branches that were normalised for {@link #fuse}.
     *
     * @param convolved what that read
     * @param logits    {@code [N, M * C]}, column m * C + c for branch m, channel c
     * @param output    {@code [N, C, H, W]}
     */
    void select(INDArray[] convolved, INDArray logits, INDArray output);

    /** A copy of the attention weights {@code [M, N, C]} of the last {@link #select}. */
    INDArray attention();

    /** One branch's rectified maps as {@link #select} weighs them: for a look inside. */
    void branch(int branch, INDArray convolved, INDArray output);

    /**
     * The gradient of the last {@link #select} with respect to its logits.
     *
     * @param convolved      what {@link #fuse} read
     * @param outputGradient {@code [N, C, H, W]}
     * @param logitGradient  {@code [N, M * C]}
     */
    void selectBackward(INDArray[] convolved, INDArray outputGradient, INDArray logitGradient);

    /**
     * The gradients with respect to the branches' convolutions, through Select's products, the pooled sum and the batch norms. Follows
     * {@link #selectBackward} of the same arrays.
     *
     * @param fusedGradient      {@code [N, C]}
     * @param convolvedGradients {@code [N, C, H, W]} a branch; may be the same arrays as {@code convolved}
     * @param share              of the batch in the new statistics, times the batch size
     * @param gradients          of the branches' norms, as {@link BatchNormKernel#backward} gives them
     */
    void branchesBackward(INDArray[] convolved, NormVectors[] norms, INDArray outputGradient, INDArray fusedGradient,
                          INDArray[] convolvedGradients, double share, NormVectors[] gradients);
}
