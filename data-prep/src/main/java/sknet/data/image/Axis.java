package sknet.data.image;

/**
 * One axis of a resampling: which source samples each output sample is made of.
 *
 * @param first  index of the first source sample, by output sample
 * @param count  number of source samples; 0 where the output lies outside the resized source
 * @param stride largest count
 * @param weight weights that sum to 1, {@code stride} places for each output sample
 */
record Axis(int[] first, int[] count, int stride, float[] weight) {

    /**
     * A triangle filter; when it shrinks, the triangle is as much wider than a source sample as an output sample is.
     *
     * @param from   first source sample
     * @param length number of source samples; none outside them is used
     * @param scaled number of samples they are resized to
     * @param start  the first of these to be put out; may be negative
     * @param output how many are put out
     */
    static Axis of(int from, int length, int scaled, int start, int output) {
        double scale = (double) length / scaled;
        double support = Math.max(scale, 1);
        int stride = Math.min(length, (int) Math.ceil(support) * 2 + 1);
        Axis axis = new Axis(new int[output], new int[output], stride, new float[output * stride]);
        double[] weights = new double[stride];
        for (int i = 0; i < output; i++) {
            int position = start + i;
            if (position >= 0 && position < scaled) {
                double centre = (position + 0.5) * scale;
                int low = Math.max(0, (int) Math.ceil(centre - support - 0.5));
                int high = Math.min(length - 1, (int) Math.floor(centre + support - 0.5));
                axis.set(i, from, low, high, centre, support, weights);
            }
        }
        return axis;
    }

    /** The first source sample that any output is made of; 0 if there is none. */
    int lowest() {
        for (int i = 0; i < first.length; i++) {
            if (count[i] > 0) {
                return first[i];
            }
        }
        return 0;
    }

    /** The end, exclusive, of the source samples that outputs are made of; 0 if there is none. */
    int highest() {
        for (int i = first.length - 1; i >= 0; i--) {
            if (count[i] > 0) {
                return first[i] + count[i];
            }
        }
        return 0;
    }

    private void set(int i, int from, int lowest, int highest, double centre, double support, double[] weights) {
        int low = lowest;
        int high = highest;
        // A sample on the triangle's foot weighs nothing; leaving it out keeps unscaled samples single.
        while (low < high && distance(low, centre) >= support) {
            low++;
        }
        while (high > low && distance(high, centre) >= support) {
            high--;
        }
        double sum = 0;
        for (int k = low; k <= high; k++) {
            weights[k - low] = 1 - distance(k, centre) / support;
            sum += weights[k - low];
        }
        first[i] = from + low;
        count[i] = high - low + 1;
        for (int k = 0; k < count[i]; k++) {
            weight[i * stride + k] = (float) (weights[k] / sum);
        }
    }

    private static double distance(int sample, double centre) {
        return Math.abs(sample + 0.5 - centre);
    }
}
