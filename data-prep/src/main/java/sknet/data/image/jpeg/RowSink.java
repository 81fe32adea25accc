package sknet.data.image.jpeg;

/** Takes the rows of a region, from its top to its bottom. */
@FunctionalInterface
public interface RowSink {

    /**
     * One row. The arrays are lent until the method returns.
     *
     * @param y     its place in the (scaled) image
     * @param red   samples, each an unsigned byte; the region's first is at {@code start}
     * @param start the same for all three
     */
    void row(int y, byte[] red, byte[] green, byte[] blue, int start);
}
