package sknet.kernel;

import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The parameters of a convolution with a batch norm folded in; outside of every workspace.
 *
 * @param weights OIHW
 * @param shift   {@code [O]}
 */
public record FoldedWeights(INDArray weights, INDArray shift) implements AutoCloseable {

    /** Folds a norm that adds {@code epsilon} to the variance: weights * scale and beta - mean * scale, scale = gamma / sqrt(variance + epsilon). */
    public static FoldedWeights of(INDArray weights, NormVectors norm, double epsilon) {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces();
                INDArray deviation = Transforms.sqrt(norm.variance().add(epsilon), false);
                INDArray scale = norm.gamma().div(deviation);
                INDArray moved = norm.mean().mul(scale)) {
            long channels = scale.length();
            long[] rows = {channels, weights.length() / channels};
            INDArray scaled = weights.reshape('c', rows).mul(scale.reshape('c', channels, 1)).reshape('c', weights.shape());
            return new FoldedWeights(scaled, norm.beta().sub(moved));
        }
    }

    @Override
    public void close() {
        weights.close();
        shift.close();
    }
}
