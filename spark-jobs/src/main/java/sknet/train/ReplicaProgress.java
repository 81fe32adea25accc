package sknet.train;

import java.util.List;

/**
 * What one replica reports to the driver after some steps.
 *
 * @param rank           the replica
 * @param epoch          epochs completed before the last of these steps
 * @param step           steps of the run up to and with the last of these
 * @param steps          how many steps this report covers
 * @param images         images this replica trained on in them
 * @param lossSum        sum over those images of the training loss (label-smoothed cross-entropy, without weight penalty)
 * @param learningRate   of the last of these steps
 * @param seconds        wall time of these steps
 * @param dataSeconds    of it, time spent waiting for decoded images
 * @param syncSeconds    of it, time spent in the all-reduce
 * @param corrupt        the corrupt records that others took the place of, each named and with what is wrong
 * @param checkpointPath the checkpoint just written, or empty
 * @param attention      of the last micro-batch before it; empty without a checkpoint, or without SK units
 */
public record ReplicaProgress(int rank, int epoch, long step, int steps, int images, double lossSum, double learningRate,
                       double seconds, double dataSeconds, double syncSeconds, List<String> corrupt, String checkpointPath,
                       List<AttentionHistogram> attention) {
}
