package sknet.layer;

import org.nd4j.linalg.api.ndarray.INDArray;

/** The arithmetic of a vertex. Activations are packed. */
interface VertexUnit {

    /**
     * The forward pass of training and evaluation.
     *
     * @param inner  for arrays that live until the pass has ended
     * @param output where the result's array comes from
     */
    INDArray forward(INDArray[] inputs, Allocator inner, Allocator output);

    /**
     * The gradients of the last {@link #forward}.
     *
     * @param inputs         what it read
     * @param output         what it returned
     * @param outputGradient may be overwritten
     * @param inputGradients other arrays than all the others
     */
    void backward(INDArray[] inputs, INDArray output, INDArray outputGradient, INDArray[] inputGradients, Allocator inner);
}
