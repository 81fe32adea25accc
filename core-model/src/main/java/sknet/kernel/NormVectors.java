package sknet.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The vectors {@code [C]} of a batch norm, or their gradients.
 *
 * @param gamma    scale
 * @param beta     shift
 * @param mean     running mean
 * @param variance running variance
 */
public record NormVectors(INDArray gamma, INDArray beta, INDArray mean, INDArray variance) {}
