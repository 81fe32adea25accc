package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Copies channels, as a {@link GatherShape} says: concatenation, slices and shuffles of maps. */
public interface GatherKernel extends Kernel {

    /** Copies. */
    void forward(INDArray[] inputs, INDArray output);

    /** Copies back; the gradients of channels that were dropped are 0. */
    void backward(INDArray outputGradient, INDArray[] inputGradients);
}
