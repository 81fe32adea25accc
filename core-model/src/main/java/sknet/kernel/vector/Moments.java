package sknet.kernel.vector;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/**
 * Means and variances of a column's channels, in one pass. The sums are of differences from the first pixel, so that the variance does not drown in
 * a large mean.
 */
final class Moments {
    private final float[] origin = new float[Lanes.WIDTH];
    private final double[] sums = new double[Lanes.WIDTH];
    private final double[] squares = new double[Lanes.WIDTH];
    private final long values;

    Moments(Column column, ByteBuffer x) {
        values = (long) column.images() * column.pixels();
        FloatVector first = column.lanes().load(x, column.first());
        first.intoArray(origin, 0);
        float[] part = new float[Lanes.WIDTH];
        for (int n = 0; n < column.images(); n++) {
            for (int at = column.start(n); at < column.end(n); at += column.chunk()) {
                add(column.lanes(), x, first, at, Math.min(at + column.chunk(), column.end(n)), column.stride(), part);
            }
        }
    }

    private void add(Lanes lanes, ByteBuffer x, FloatVector first, int start, int end, int stride, float[] part) {
        FloatVector sum = FloatVector.zero(Lanes.SPECIES);
        FloatVector square = FloatVector.zero(Lanes.SPECIES);
        for (int at = start; at < end; at += stride) {
            FloatVector difference = lanes.load(x, at).sub(first);
            sum = sum.add(difference);
            square = difference.fma(difference, square);
        }
        Lanes.add(sum, part, sums);
        Lanes.add(square, part, squares);
    }

    double mean(int lane) {
        return origin[lane] + sums[lane] / values;
    }

    /** Biased, never below 0. */
    double variance(int lane) {
        double offset = sums[lane] / values;
        return Math.max(0, squares[lane] / values - offset * offset);
    }

    double unbiasedVariance(int lane) {
        return variance(lane) * values / (values - 1);
    }
}
