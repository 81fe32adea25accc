package sknet.data.image.jpeg;

import java.util.List;

/**
 * The image that a file's start-of-frame segment announces.
 *
 * @param process    how it is coded
 * @param components in the order of the segment: one, three or four
 */
record Frame(Process process, int width, int height, List<Component> components) {
    static final int BLOCK = 8;

    enum Process { SEQUENTIAL, PROGRESSIVE }

    /**
     * One colour component.
     *
     * @param id         by which scans name it
     * @param horizontal blocks of an MCU in each direction, 1 to 4
     * @param table      number of its quantisation table
     */
    record Component(int id, int horizontal, int vertical, int table) {
    }

    int maxHorizontal() {
        int max = 1;
        for (Component component : components) {
            max = Math.max(max, component.horizontal);
        }
        return max;
    }

    int maxVertical() {
        int max = 1;
        for (Component component : components) {
            max = Math.max(max, component.vertical);
        }
        return max;
    }

    /** MCUs in a row, with all components in one scan. */
    int mcuColumns() {
        return ceil(width, BLOCK * maxHorizontal());
    }

    int mcuRows() {
        return ceil(height, BLOCK * maxVertical());
    }

    /** Blocks in a row of a component that hold samples of the image: those of a scan of its own. */
    int blockColumns(Component component) {
        return ceil((long) width * component.horizontal, BLOCK * maxHorizontal());
    }

    int blockRows(Component component) {
        return ceil((long) height * component.vertical, BLOCK * maxVertical());
    }

    /** Blocks of all components, those that only fill up MCUs among them. */
    long blocks() {
        long perMcu = 0;
        for (Component component : components) {
            perMcu += (long) component.horizontal * component.vertical;
        }
        return perMcu * mcuColumns() * mcuRows();
    }

    static int ceil(long dividend, int divisor) {
        return (int) ((dividend + divisor - 1) / divisor);
    }
}
