package sknet.data.image.jpeg;

/** Adds what a progressive scan brings to a block, as the standard's annex G has it. */
final class ProgressiveBlocks {
    private static final int LONG_RUN = 15;
    private final byte[] natural = Zigzag.natural();
    private final BitReader reader;
    /** How many blocks, this one included, have nothing more in this scan. */
    private int finishedBlocks;

    ProgressiveBlocks(BitReader reader) {
        this.reader = reader;
    }

    void restart() {
        finishedBlocks = 0;
    }

    /** The lower bit of a DC coefficient. */
    void refineDc(short[] values, int block, int low) {
        values[block] |= (short) (reader.bits(1) << low);
    }

    /** The upper bits of AC coefficients. */
    void firstAc(HuffmanTable table, Scan scan, short[] values, int block) throws JpegException {
        if (finishedBlocks > 0) {
            finishedBlocks--;
            return;
        }
        for (int k = scan.first(); k <= scan.last(); k++) {
            int symbol = reader.symbol(table);
            int run = symbol >> 4;
            int size = symbol & 15;
            if (size != 0) {
                k += run;
                values[block + natural[k]] = (short) (reader.value(size) << scan.low());
            } else if (run == LONG_RUN) {
                k += LONG_RUN;
            } else {
                finishedBlocks = endRun(run) - 1;
                return;
            }
        }
    }

    /** The next lower bit of AC coefficients. */
    void refineAc(HuffmanTable table, Scan scan, short[] values, int block) throws JpegException {
        int k = scan.first();
        while (finishedBlocks == 0 && k <= scan.last()) {
            int symbol = reader.symbol(table);
            int run = symbol >> 4;
            int value = 0;
            if ((symbol & 15) != 0) {
                value = (reader.bits(1) == 1 ? 1 : -1) << scan.low();
            } else if (run < LONG_RUN) {
                finishedBlocks = endRun(run);
                break;
            }
            k = refine(scan, values, block, k, run);
            if (value != 0) {
                values[block + natural[k]] = (short) value;
            }
            k++;
        }
        if (finishedBlocks > 0) {
            refine(scan, values, block, k, Frame.BLOCK * Frame.BLOCK);
            finishedBlocks--;
        }
    }

    /** Refines the coefficients that are not zero, and stops at the zero behind so many others. */
    private int refine(Scan scan, short[] values, int block, int start, int zeros) {
        int bit = 1 << scan.low();
        int left = zeros;
        int k = start;
        for (; k <= scan.last(); k++) {
            int place = block + natural[k];
            int value = values[place];
            if (value == 0) {
                if (left-- == 0) {
                    break;
                }
            } else if (reader.bits(1) == 1 && (value & bit) == 0) {
                values[place] = (short) (value + (value > 0 ? bit : -bit));
            }
        }
        return k;
    }

    private int endRun(int size) {
        return (1 << size) + (size == 0 ? 0 : reader.bits(size));
    }
}
