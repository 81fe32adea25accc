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
     * @param from   where the part of the source to resize starts, in samples; may lie within one, as in a scaled image
     * @param length its length; samples that lie outside it altogether are not used
     * @param scaled number of samples they are resized to
     * @param start  the first of these to be put out; may be negative
     * @param output how many are put out
     */
    static Axis of(double from, double length, int scaled, int start, int output) {
        double scale = length / scaled;
        double support = Math.max(scale, 1);
        int lowest = (int) Math.floor(from);
        int highest = (int) Math.ceil(from + length) - 1;
        int stride = Math.min(highest - lowest + 1, (int) Math.ceil(support) * 2 + 1);
        Axis axis = new Axis(new int[output], new int[output], stride, new float[output * stride]);
        double[] weights = new double[stride];
        for (int i = 0; i < output; i++) {
            int position = start + i;
            if (position >= 0 && position < scaled) {
                double centre = from + (position + 0.5) * scale;
                int low = Math.max(lowest, (int) Math.ceil(centre - support - 0.5));
                int high = Math.min(highest, (int) Math.floor(centre + support - 0.5));
                axis.set(i, low, high, centre, support, weights);
            }
        }
        return axis;
    }

    /** The same outputs, the last one first. */
    Axis reversed() {
        int output = first.length;
        Axis axis = new Axis(new int[output], new int[output], stride, new float[output * stride]);
        for (int i = 0; i < output; i++) {
            axis.first[i] = first[output - 1 - i];
            axis.count[i] = count[output - 1 - i];
            System.arraycopy(weight, (output - 1 - i) * stride, axis.weight, i * stride, stride);
        }
        return axis;
    }

    /** The first source sample that any output is made of; 0 if there is none. */
    int lowest() {
        int lowest = Integer.MAX_VALUE;
        for (int i = 0; i < first.length; i++) {
            lowest = count[i] > 0 ? Math.min(lowest, first[i]) : lowest;
        }
        return lowest == Integer.MAX_VALUE ? 0 : lowest;
    }

    /** The end, exclusive, of the source samples that outputs are made of; 0 if there is none. */
    int highest() {
        int highest = 0;
        for (int i = 0; i < first.length; i++) {
            highest = count[i] > 0 ? Math.max(highest, first[i] + count[i]) : highest;
        }
        return highest;
    }

    private void set(int i, int lowest, int highest, double centre, double support, double[] weights) {
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
        first[i] = low;
        count[i] = high - low + 1;
        for (int k = 0; k < count[i]; k++) {
            weight[i * stride + k] = (float) (weights[k] / sum);
        }
    }

    private static double distance(int sample, double centre) {
        return Math.abs(sample + 0.5 - centre);
    }
}
