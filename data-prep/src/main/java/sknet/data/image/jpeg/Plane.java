package sknet.data.image.jpeg;

/**
 * The samples of a component in the region being decoded, of two rows of MCUs at a time: a row of samples takes the place of the
 * one as many rows above it as two rows of MCUs have.
 */
final class Plane {
    /** Room at the left of a row, for the sample that goes on beyond the image's edge. */
    private static final int LEFT = 16;

    private byte[] samples = new byte[0];
    private int stride;
    private int held;
    private int width;
    private int height;
    private int firstColumn;
    private int columns;

    /**
     * Prepares for a region.
     *
     * @param width       of the whole component, in (scaled) samples
     * @param firstColumn first column held
     * @param columns     how many are
     * @param mcuRows     rows of samples in a row of MCUs
     */
    void prepare(int width, int height, int firstColumn, int columns, int mcuRows) {
        this.width = width;
        this.height = height;
        this.firstColumn = firstColumn;
        this.columns = columns;
        held = 2 * mcuRows;
        stride = LEFT + columns + Shapes.SLACK;
        int room = stride * held + Shapes.SLACK;
        if (samples.length < room || samples.length > 4L * room + (1 << 20)) {
            samples = new byte[room];
        }
    }

    byte[] samples() {
        return samples;
    }

    int stride() {
        return stride;
    }

    /** Index of a sample; blocks reach beyond the component's height. */
    int index(int row, int column) {
        return row % held * stride + LEFT + column - firstColumn;
    }

    /** Index of a sample of the nearest row that the component has. */
    int nearest(int row, int column) {
        return index(Math.max(0, Math.min(height - 1, row)), column);
    }

    /** Repeats the outermost samples beyond the component's edges. */
    void extend(int firstRow, int rows) {
        for (int row = firstRow; row < firstRow + rows; row++) {
            int start = row % held * stride + LEFT;
            if (firstColumn == 0) {
                samples[start - 1] = samples[start];
            }
            int end = width - firstColumn;
            if (end <= columns) {
                samples[start + end] = samples[start + end - 1];
            }
        }
    }
}
