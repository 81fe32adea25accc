package sknet.data.shard;

/** Sizes of a data set's images in pixels; the lower median where their number is even. */
public record ImageSizes(Range width, Range height) {

    /** Smallest, middle and largest. */
    public record Range(int min, int median, int max) {
        public Range {
            if (min < 1 || median < min || max < median) {
                throw new IllegalArgumentException("image sizes are " + min + ", " + median + ", " + max
                        + " (expected at least 1, in order)");
            }
        }

        @Override
        public String toString() {
            return min == max ? Integer.toString(min) : min + " to " + max + " (median " + median + ")";
        }
    }
}
