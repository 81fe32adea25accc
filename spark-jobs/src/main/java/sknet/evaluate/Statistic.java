package sknet.evaluate;

import java.util.List;
import java.util.Locale;

/**
 * A figure over several runs.
 *
 * @param mean              their mean
 * @param standardDeviation of the sample (divided by n - 1); NaN for a single run
 * @param runs              how many
 */
public record Statistic(double mean, double standardDeviation, int runs) {

    /** @throws IllegalArgumentException if there are none */
    public static Statistic of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("Cannot average: there are no runs");
        }
        double mean = values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
        double squares = values.stream().mapToDouble(value -> (value - mean) * (value - mean)).sum();
        return new Statistic(mean, Math.sqrt(squares / (values.size() - 1)), values.size());
    }

    /** Like {@code 20.79 ± 0.08}; without a deviation for a single run. */
    @Override
    public String toString() {
        return runs == 1 ? String.format(Locale.ROOT, "%.2f", mean) : String.format(Locale.ROOT, "%.2f ± %.2f", mean, standardDeviation);
    }
}
