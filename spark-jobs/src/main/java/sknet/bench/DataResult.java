package sknet.bench;

/**
 * How fast images become input.
 *
 * @param transform what became of them: train or eval
 * @param images    that were decoded again and again
 * @param meanBytes of a file
 * @param threads   that did so side by side, each all of them
 * @param rounds    that were timed
 * @param imagesPerSecondPerThread the median of the rounds; then the fastest and the slowest
 */
public record DataResult(String transform, int images, long meanBytes, int threads, int rounds, double imagesPerSecondPerThread,
                         double fastest, double slowest) {
}
