package sknet.bench;

import java.util.List;

/**
 * What a benchmark measured.
 *
 * @param workload         what was timed
 * @param model            architecture
 * @param precision        of the activations: fp32 or bf16
 * @param size             width and height of the images, pixels
 * @param batch            images a step
 * @param threads          of the kernels
 * @param steps            that were timed
 * @param imagesPerSecond  at the median step
 * @param medianMillis     a step
 * @param meanMillis       a step
 * @param fastestMillis    a step
 * @param slowestMillis    a step
 * @param gigaFlops        floating-point operations of convolutions and fully connected layers a second, in thousands of millions; the stem's
 *                         input gradient is counted although nobody computes it
 * @param matrixGigaFlops  the same of a product of two matrices of 2048 x 2048, the fastest of several, on as many threads
 * @param peakMemoryMiB    the largest memory of the process, JVM included
 * @param profile          where the time of a step went, longest first; what is left of a step is DL4J's and Java's
 */
public record BenchmarkResult(String workload, String model, String precision, int size, int batch, int threads, int steps, double imagesPerSecond,
                              double medianMillis, double meanMillis, double fastestMillis, double slowestMillis, double gigaFlops, double matrixGigaFlops,
                              double peakMemoryMiB, List<Share> profile) {

    /**
     * One kind of kernel's part of a step.
     *
     * @param operation and pass
     * @param millis    a step
     * @param calls     a step
     */
    public record Share(String operation, double millis, double calls) {}

    /** What a step takes beside the kernels, ms: the mean step less all shares. */
    public double otherMillis() {
        return meanMillis - profile.stream().mapToDouble(Share::millis).sum();
    }

    /** Which part of the speed of a matrix product is reached, 0 to 1. */
    public double shareOfMatrixProduct() {
        return gigaFlops / matrixGigaFlops;
    }
}
