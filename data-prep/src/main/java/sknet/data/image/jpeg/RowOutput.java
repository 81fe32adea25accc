package sknet.data.image.jpeg;

/** Hands the rows of a region on as soon as their samples are there. */
final class RowOutput {
    private final ColorConversion conversion = new ColorConversion();
    private final byte[][] rows = new byte[4][];
    private final int[] starts = new int[4];
    private Channel[] channels;
    private ColorSpace colors;
    private Region region;
    private RowSink sink;
    private int mcuHeight;
    private int mcuRows;
    private boolean neighbours;
    private int next;

    /** Starts with a region. */
    void prepare(Channel[] channels, ColorSpace colors, Frame frame, Scale scale, Region region, RowSink sink) {
        this.channels = channels;
        this.colors = colors;
        this.region = region;
        this.sink = sink;
        mcuHeight = frame.maxVertical() * scale.blockSize();
        mcuRows = frame.mcuRows();
        neighbours = false;
        for (Channel channel : channels) {
            neighbours |= channel.needsNeighbours();
        }
        next = region.y();
        conversion.makeRoom(region.width());
    }

    /** A row of MCUs is there. */
    void finishRow(int mcuRow) {
        for (Channel channel : channels) {
            channel.finishRow(mcuRow);
        }
        // The last row waits for the samples below it.
        int end = (mcuRow + 1) * mcuHeight - (neighbours && mcuRow + 1 < mcuRows ? 1 : 0);
        for (; next < Math.min(end, region.bottom()); next++) {
            emit(next);
        }
    }

    private void emit(int y) {
        for (int i = 0; i < channels.length; i++) {
            starts[i] = channels[i].select(y, region.x(), region.right());
            rows[i] = channels[i].samples();
        }
        if (colors == ColorSpace.GREY) {
            sink.row(y, rows[0], rows[0], rows[0], starts[0]);
            return;
        }
        switch (colors) {
            case YCC -> conversion.fromYcc(rows, starts, region.width());
            case CMYK -> conversion.fromCmyk(rows, starts, region.width());
            case YCCK -> conversion.fromYcck(rows, starts, region.width());
            default -> conversion.copy(rows, starts, region.width());
        }
        sink.row(y, conversion.red(), conversion.green(), conversion.blue(), 0);
    }
}
