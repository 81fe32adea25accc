package sknet.data.image.jpeg;

/** Decodes the one scan of an ordinary JPEG from MCU to MCU, no further than the region needs. */
final class SequentialScan {
    private final BitReader reader = new BitReader();

    /**
     * Decodes a region.
     *
     * @param order    the channels in the scan's order
     * @param interval MCUs between restart markers, 0 if there are none
     */
    void decode(EntropyData data, Frame frame, Channel[] order, int interval, McuRange range, RowOutput output) throws JpegException {
        int columns = frame.mcuColumns();
        long end = (long) (range.endRow() - 1) * columns + (range.endRow() == frame.mcuRows() ? columns : range.endColumn());
        long length = interval == 0 ? (long) columns * frame.mcuRows() : interval;
        int number = 0;
        for (long from = 0; from < end; from += length) {
            if (number == data.intervals()) {
                throw JpegException.truncated();
            }
            long to = Math.min(end, from + length);
            if (range.meets(from, to, columns)) {
                reader.start(data, number);
                for (Channel channel : order) {
                    channel.restart();
                }
                decode(from, to, columns, order, range, output);
            }
            number++;
        }
    }

    private void decode(long from, long to, int columns, Channel[] order, McuRange range, RowOutput output) throws JpegException {
        int row = (int) (from / columns);
        int column = (int) (from % columns);
        for (long mcu = from; mcu < to; mcu++) {
            if (range.contains(row, column)) {
                for (Channel channel : order) {
                    channel.decode(reader, row, column);
                }
            } else {
                for (Channel channel : order) {
                    channel.skip(reader);
                }
            }
            reader.check();
            column++;
            if (column == range.endColumn() && row >= range.firstRow()) {
                output.finishRow(row);
            }
            if (column == columns) {
                column = 0;
                row++;
            }
        }
    }
}
