package sknet.bench;

/**
 * What training together took, beside training alone. Times are medians over the steps.
 *
 * @param model          architecture
 * @param precision      of the activations: fp32 or bf16
 * @param size           width and height of the images, pixels
 * @param batch          images an executor takes a step
 * @param executors      that train together
 * @param steps          that were timed, of each kind
 * @param aloneMillis    a step of one executor, the others at rest
 * @param apartMillis    a step of an executor while the others do the same, each for itself: what the machine, where they share one, allows
 * @param millis         a step of all together
 * @param exchangeMillis of it, what the last executor to finish its backward pass waited for the sum: communication that nothing hid
 * @param waitMillis     of it, what the executors waited for the slowest, on average
 */
public record ScalingResult(String model, String precision, int size, int batch, int executors, int steps, double aloneMillis,
                            double apartMillis, double millis, double exchangeMillis, double waitMillis) {

    /** Images a second of one executor alone. */
    public double aloneImagesPerSecond() {
        return batch * 1e3 / aloneMillis;
    }

    /** Images a second of all together. */
    public double imagesPerSecond() {
        return executors * batch * 1e3 / millis;
    }

    /** Images a second of all, each for itself. */
    public double apartImagesPerSecond() {
        return executors * batch * 1e3 / apartMillis;
    }

    /** How many executors alone all together are worth. */
    public double speedup() {
        return imagesPerSecond() / aloneImagesPerSecond();
    }
}
