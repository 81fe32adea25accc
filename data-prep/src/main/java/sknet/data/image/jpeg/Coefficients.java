package sknet.data.image.jpeg;

/**
 * All quantised coefficients of a component, for files whose scans bring them bit by bit or component by component.
 *
 * @param columns blocks in a row, those that only fill up MCUs among them
 * @param values  64 for each block, row by row
 */
record Coefficients(int columns, short[] values) {
    static final int BLOCK_SIZE = 64;

    static Coefficients of(Frame frame, Frame.Component component) {
        int columns = frame.mcuColumns() * component.horizontal();
        int rows = frame.mcuRows() * component.vertical();
        return new Coefficients(columns, new short[Math.multiplyExact(columns * BLOCK_SIZE, rows)]);
    }

    int start(int row, int column) {
        return (row * columns + column) * BLOCK_SIZE;
    }
}
