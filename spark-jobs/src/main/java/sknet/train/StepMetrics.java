package sknet.train;

/**
 * Some steps of a run, over all replicas: a line of its history.
 *
 * @param step            steps of the run up to and with the last of these
 * @param epoch           epochs completed before it
 * @param loss            mean training loss of their images (label-smoothed cross-entropy, without weight penalty)
 * @param learningRate    of the last of them
 * @param seconds         wall time of these steps, of the slowest replica
 * @param imagesPerSecond of all replicas together
 * @param dataShare       share of the slowest replica's time spent waiting for images, 0 to 1
 * @param syncShare       share of the replicas' time spent waiting for the end of the all-reduce, and so for slower ones, on average, 0 to 1
 * @param exchangeShare   the same of the replica that waited least: at most so much is communication that nothing hid, 0 to 1
 * @param corrupt         corrupt records that others took the place of
 */
public record StepMetrics(long step, int epoch, double loss, double learningRate, double seconds, double imagesPerSecond,
                          double dataShare, double syncShare, double exchangeShare, int corrupt) {
}
