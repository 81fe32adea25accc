package sknet.bench;

/**
 * What a benchmark measured.
 *
 * @param workload         what was timed
 * @param model            architecture
 * @param size             width and height of the images, pixels
 * @param batch            images a step
 * @param threads          of the kernels
 * @param steps            that were timed
 * @param imagesPerSecond  at the median step
 * @param medianMillis     a step
 * @param fastestMillis    a step
 * @param slowestMillis    a step
 * @param gigaFlops        floating-point operations of convolutions and fully connected layers a second, in thousands of millions; the stem's
 *                         input gradient is counted although nobody computes it
 * @param matrixGigaFlops  the same of a product of two matrices of 2048 x 2048, the fastest of several, on as many threads
 * @param peakMemoryMiB    the largest memory of the process, JVM included
 */
public record BenchmarkResult(String workload, String model, int size, int batch, int threads, int steps, double imagesPerSecond,
                              double medianMillis, double fastestMillis, double slowestMillis, double gigaFlops, double matrixGigaFlops,
                              double peakMemoryMiB) {

    /** Which part of the speed of a matrix product is reached, 0 to 1. */
    public double shareOfMatrixProduct() {
        return gigaFlops / matrixGigaFlops;
    }
}
