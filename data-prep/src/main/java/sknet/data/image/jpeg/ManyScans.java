package sknet.data.image.jpeg;

import java.util.Arrays;

/** Decodes files of several scans: all of them to coefficients, then the region to samples. */
final class ManyScans {
    /** Programs write some ten; each costs as much as a look at every block. */
    private static final int MAX_SCANS = 100;
    private static final int MAX_LOW_BIT = 13;

    private final BitReader reader = new BitReader();
    private final ProgressiveBlocks progressive = new ProgressiveBlocks(reader);
    private final int[] block = new int[Coefficients.BLOCK_SIZE];
    private final int[] ones = new int[Coefficients.BLOCK_SIZE];
    private final HeaderReader header;
    private final EntropyData data;
    private final Frame frame;
    private final Channel[] channels;
    private final Coefficients[] coefficients;
    /** A bit for each coefficient of a component that has all its bits. */
    private final long[] complete;

    ManyScans(HeaderReader header, EntropyData data, Channel[] channels) {
        this.header = header;
        this.data = data;
        this.channels = channels;
        frame = header.frame();
        coefficients = new Coefficients[channels.length];
        complete = new long[channels.length];
        for (int i = 0; i < channels.length; i++) {
            coefficients[i] = Coefficients.of(frame, frame.components().get(i));
        }
        Arrays.fill(ones, 1);
    }

    /** Decodes the scan that the header has come to and those behind it. */
    void decode(Scan firstScan, McuRange range, RowOutput output) throws JpegException {
        int count = 0;
        for (Scan scan = firstScan; scan != null; scan = header.nextScan()) {
            if (++count > MAX_SCANS) {
                throw JpegException.damaged("it has more than " + MAX_SCANS + " scans");
            }
            header.continueAt(decode(scan));
        }
        for (long mask : complete) {
            if ((mask & 1) == 0 || !header.ended() && mask != -1) {
                throw JpegException.truncated();
            }
        }
        for (int row = range.firstRow(); row < range.endRow(); row++) {
            for (int column = range.firstColumn(); column < range.endColumn(); column++) {
                for (int i = 0; i < channels.length; i++) {
                    channels[i].transform(coefficients[i], row, column);
                }
            }
            output.finishRow(row);
        }
    }

    private int decode(Scan scan) throws JpegException {
        check(scan);
        for (int i = 0; i < scan.components().length; i++) {
            int component = scan.components()[i];
            channels[component].latch(header.quantisation(frame.components().get(component)));
            if (scan.low() == 0) {
                complete[component] |= -1L >>> 63 - scan.last() & -1L << scan.first();
            }
        }
        int behind = data.read(header.file(), header.position());
        Frame.Component single = scan.components().length > 1 ? null : frame.components().get(scan.components()[0]);
        int columns = single == null ? frame.mcuColumns() : frame.blockColumns(single);
        int rows = single == null ? frame.mcuRows() : frame.blockRows(single);
        long mcus = (long) columns * rows;
        long length = header.restartInterval() == 0 ? mcus : header.restartInterval();
        int interval = 0;
        for (long mcu = 0; mcu < mcus; mcu++) {
            if (mcu % length == 0) {
                restart(interval++);
            }
            int row = (int) (mcu / columns);
            int column = (int) (mcu % columns);
            if (single == null) {
                mcu(scan, row, column);
            } else {
                block(scan, 0, coefficients[scan.components()[0]].start(row, column));
            }
            reader.check();
        }
        return behind;
    }

    private void check(Scan scan) throws JpegException {
        boolean valid = frame.process() == Frame.Process.SEQUENTIAL ? scan.first() == 0 && scan.last() == 63 && scan.low() == 0
                : scan.first() <= scan.last() && scan.last() < Coefficients.BLOCK_SIZE && scan.low() <= MAX_LOW_BIT
                && (scan.first() == 0 ? scan.last() == 0 : scan.components().length == 1);
        if (!valid) {
            throw JpegException.damaged("a scan has coefficients " + scan.first() + " to " + scan.last() + ", bit " + scan.low());
        }
    }

    private void restart(int interval) throws JpegException {
        if (interval == data.intervals()) {
            throw JpegException.truncated();
        }
        reader.start(data, interval);
        progressive.restart();
        for (Channel channel : channels) {
            channel.restart();
        }
    }

    private void mcu(Scan scan, int mcuRow, int mcuColumn) throws JpegException {
        for (int i = 0; i < scan.components().length; i++) {
            int index = scan.components()[i];
            Frame.Component component = frame.components().get(index);
            for (int v = 0; v < component.vertical(); v++) {
                for (int h = 0; h < component.horizontal(); h++) {
                    block(scan, i, coefficients[index].start(mcuRow * component.vertical() + v, mcuColumn * component.horizontal() + h));
                }
            }
        }
    }

    private void block(Scan scan, int number, int start) throws JpegException {
        int component = scan.components()[number];
        short[] values = coefficients[component].values();
        if (frame.process() == Frame.Process.SEQUENTIAL) {
            values[start] = (short) channels[component].predict(reader.difference(header.dc(scan.dcTables()[number])));
            reader.coefficients(header.ac(scan.acTables()[number]), ones, block);
            for (int i = 1; i < Coefficients.BLOCK_SIZE; i++) {
                values[start + i] = (short) block[i];
            }
            Arrays.fill(block, 0);
        } else if (scan.first() > 0 && scan.high() == 0) {
            progressive.firstAc(header.ac(scan.acTables()[number]), scan, values, start);
        } else if (scan.first() > 0) {
            progressive.refineAc(header.ac(scan.acTables()[number]), scan, values, start);
        } else if (scan.high() == 0) {
            values[start] = (short) (channels[component].predict(reader.difference(header.dc(scan.dcTables()[number]))) << scan.low());
        } else {
            progressive.refineDc(values, start, scan.low());
        }
    }
}
