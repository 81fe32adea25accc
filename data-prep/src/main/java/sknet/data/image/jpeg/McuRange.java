package sknet.data.image.jpeg;

/** The MCUs that a region is made of; ends are exclusive. */
record McuRange(int firstRow, int endRow, int firstColumn, int endColumn) {
    /** Samples that interpolation looks at beyond the region, in the image's resolution. */
    private static final int MARGIN = 2;

    static McuRange of(Region region, Frame frame, Scale scale) {
        int width = frame.maxHorizontal() * scale.blockSize();
        int height = frame.maxVertical() * scale.blockSize();
        int horizontal = frame.maxHorizontal() == 1 ? 0 : MARGIN;
        int vertical = frame.maxVertical() == 1 ? 0 : MARGIN;
        return new McuRange(Math.max(0, region.y() - vertical) / height,
                Math.min(frame.mcuRows(), Frame.ceil(region.bottom() + vertical, height)),
                Math.max(0, region.x() - horizontal) / width,
                Math.min(frame.mcuColumns(), Frame.ceil(region.right() + horizontal, width)));
    }

    boolean contains(int row, int column) {
        return row >= firstRow && column >= firstColumn && row < endRow && column < endColumn;
    }

    /** Whether any of the MCUs from one to before another, counted row by row, is needed. */
    boolean meets(long from, long to, int columns) {
        long row = Math.max(firstRow, from / columns);
        while (row < endRow && row * columns < to) {
            if (row * columns + endColumn > from && row * columns + firstColumn < to) {
                return true;
            }
            row++;
        }
        return false;
    }
}
