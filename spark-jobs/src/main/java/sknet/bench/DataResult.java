package sknet.bench;

/**
 * How fast images are worked on.
 *
 * @param transform what became of them: train, eval, survey or decode
 * @param images    that were decoded again and again
 * @param meanBytes of a file
 * @param threads   that did so side by side, each all of them
 * @param rounds    that were timed
 * @param imagesPerSecondPerThread the median of the rounds; then the fastest and the slowest
 * @param megabytesPerCpuSecond of files, 10^6 bytes each, over all rounds and a second of one processor's time
 */
public record DataResult(String transform, int images, long meanBytes, int threads, int rounds, double imagesPerSecondPerThread,
                         double fastest, double slowest, double megabytesPerCpuSecond) {
}
