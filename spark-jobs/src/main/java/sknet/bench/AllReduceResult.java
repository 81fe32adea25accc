package sknet.bench;

/**
 * What an all-reduce took.
 *
 * @param executors     that took part
 * @param floats        of the vector
 * @param wire          how they travelled: fp32 or bf16
 * @param sums          that were timed
 * @param medianMillis  a sum, at the last executor that had it
 * @param fastestMillis a sum
 * @param slowestMillis a sum
 */
public record AllReduceResult(int executors, int floats, String wire, int sums, double medianMillis, double fastestMillis, double slowestMillis) {

    /** What each executor sends, and receives, of float32 values a second at the median: 2 (N-1)/N of the vector, in thousands of millions of bytes. */
    public double gigabytesPerSecond() {
        return 2.0 * (executors - 1) / executors * floats * Float.BYTES / medianMillis / 1e6;
    }
}
