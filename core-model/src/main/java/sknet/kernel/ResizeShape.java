package sknet.kernel;

/**
 * A change of the maps' size.
 *
 * @param input     {@code [N, C, H, W]}
 * @param outHeight rows of the output
 * @param outWidth  columns of the output
 */
public record ResizeShape(ChannelShape input, int outHeight, int outWidth) {

    /**
     * What a row or column of the output is made of: (1 - share) * values[low] + share * values[high].
     *
     * @param low   the neighbour at or before its place
     * @param high  the neighbour behind
     * @param share of the latter
     */
    public record Neighbours(int low, int high, float share) {}

    /** The neighbours of every row. */
    public Neighbours[] rows() {
        return neighbours(input.height(), outHeight);
    }

    /** The neighbours of every column. */
    public Neighbours[] columns() {
        return neighbours(input.width(), outWidth);
    }

    private static Neighbours[] neighbours(int from, int to) {
        Neighbours[] all = new Neighbours[to];
        for (int i = 0; i < to; i++) {
            double place = to == 1 ? 0 : (double) i * (from - 1) / (to - 1);
            int low = Math.min((int) place, from - 1);
            all[i] = new Neighbours(low, Math.min(low + 1, from - 1), (float) (place - low));
        }
        return all;
    }
}
