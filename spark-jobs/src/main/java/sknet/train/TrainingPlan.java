package sknet.train;

import java.io.Serializable;
import java.time.Duration;
import java.util.Map;
import sknet.data.image.ImageTransform;
import sknet.optimize.StepOptions;
import sknet.sync.WireType;

/**
 * All that a replica needs to know of a run. What a step computes depends on this, on the data set and on the position,
 * never on the number of executors.
 *
 * @param dataset             the prepared data set's URI
 * @param directory           the run's directory: its checkpoints and its history
 * @param epochs              when to stop
 * @param microBatches        micro-batches a step, shared evenly among the executors
 * @param microBatchSize      images a micro-batch: what batch norm sees at once
 * @param transform           augmentation
 * @param imageSize           width and height of the network's input, pixels
 * @param seed                of initialisation, order and augmentation
 * @param stepOptions         clipping and the average of the weights
 * @param reading             how a replica reads its images
 * @param checkpointEverySteps steps between checkpoints beside those at each epoch's end; 0 for none
 * @param checkpointInterval   time between checkpoints beside those; zero for none
 * @param reportEverySteps    steps between a replica's progress reports
 * @param wire                how gradients travel
 * @param syncTimeout         the longest wait for other replicas
 * @param storageTimeout      how long a file system may fail
 * @param provenance          goes into every checkpoint
 */
public record TrainingPlan(String dataset, String directory, int epochs, int microBatches, int microBatchSize,
                           ImageTransform transform, int imageSize, long seed, StepOptions stepOptions, ReadingPlan reading,
                           int checkpointEverySteps, Duration checkpointInterval, int reportEverySteps, WireType wire,
                           Duration syncTimeout, Duration storageTimeout, Map<String, String> provenance) implements Serializable {

    /** Images a step. */
    public int batchSize() {
        return Math.multiplyExact(microBatches, microBatchSize);
    }

    /** A step with labels of so many classes. */
    public StepShape stepShape(int classes) {
        return new StepShape(microBatches, microBatchSize, imageSize, classes);
    }

    /** Steps an epoch; the images left over by the last whole batch are other ones in each epoch. */
    public int stepsPerEpoch(int samples) {
        return samples / batchSize();
    }
}
