package sknet.tensorboard;

import java.util.Arrays;
import java.util.List;
import org.tensorflow.framework.HistogramProto;

/**
 * How values between 0 and 1 are spread.
 *
 * @param min          the smallest; 0 without any
 * @param max          the largest; 0 without any
 * @param sum          of the values
 * @param sumOfSquares of the values
 * @param counts       of the values in each of {@value #BUCKETS} equal parts of 0 to 1; 1 itself belongs to the last
 */
public record Histogram(double min, double max, double sum, double sumOfSquares, List<Integer> counts) {

    /** Parts of the range. */
    public static final int BUCKETS = 64;

    /** Of {@code values} from 0 to 1; what is not a number is left out. */
    public static Histogram of(float[] values) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double sum = 0;
        double sumOfSquares = 0;
        Integer[] counts = new Integer[BUCKETS];
        Arrays.fill(counts, 0);
        for (float value : values) {
            if (!Float.isNaN(value)) {
                min = Math.min(min, value);
                max = Math.max(max, value);
                sum += value;
                sumOfSquares += (double) value * value;
                counts[Math.min((int) (value * BUCKETS), BUCKETS - 1)]++;
            }
        }
        return min > max ? new Histogram(0, 0, 0, 0, List.of(counts)) : new Histogram(min, max, sum, sumOfSquares, List.of(counts));
    }

    HistogramProto proto() {
        HistogramProto.Builder proto = HistogramProto.newBuilder().setMin(min).setMax(max).setSum(sum).setSumSquares(sumOfSquares)
            .setNum(counts.stream().mapToLong(count -> count).sum());
        for (int i = 0; i < BUCKETS; i++) {
            proto.addBucketLimit((i + 1.0) / BUCKETS).addBucket(counts.get(i));
        }
        return proto.build();
    }
}
