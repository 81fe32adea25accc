package sknet.train;

import java.io.Serializable;

/**
 * The size of a step of training.
 *
 * @param microBatches   of all replicas
 * @param microBatchSize images of each: what batch norm sees at once
 * @param imageSize      width and height, pixels
 * @param classes        of the labels
 */
public record StepShape(int microBatches, int microBatchSize, int imageSize, int classes) implements Serializable {

    /** Images a step. */
    public int batchSize() {
        return Math.multiplyExact(microBatches, microBatchSize);
    }
}
