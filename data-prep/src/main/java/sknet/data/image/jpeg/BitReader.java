package sknet.data.image.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Reads the coefficients of sequential scans. The next bits are at the upper end of a long; below the ones that count there may
 * already be those that follow.
 *
 * <p>It may read on beyond the end of its interval; {@link #check} notices, and must be asked once an MCU.
 */
final class BitReader {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
    private static final int SHIFT = Long.SIZE - HuffmanTable.LOOKUP;
    private static final int SKIP_SHIFT = Long.SIZE - HuffmanTable.SKIP_LOOKUP;
    /** More than a code and a value together need. */
    private static final int ENOUGH = 32;
    private static final int VALUE_BITS = 16;

    private final byte[] natural = Zigzag.natural();
    private byte[] data;
    private int end;
    private int position;
    private long buffer;
    private int available;

    /** Starts with an interval. */
    void start(EntropyData scan, int interval) {
        data = scan.bytes();
        position = scan.start(interval);
        end = scan.end(interval);
        buffer = 0;
        available = 0;
    }

    /** @throws JpegException if more was read than there is */
    void check() throws JpegException {
        if (isBeyondEnd(0)) {
            throw JpegException.truncated();
        }
    }

    /**
     * A DC coefficient's difference from the one before.
     */
    int difference(HuffmanTable table) throws JpegException {
        refill();
        int entry = table.entries()[(int) (buffer >>> SHIFT)];
        if (entry >> 16 != 0) {
            skip(entry & 31);
            return entry >> 16;
        }
        if (entry == 0) {
            entry = longCode(table);
        }
        skip(entry & 31);
        int size = entry >> 8;
        if (size > 15) {
            throw JpegException.damaged("a DC coefficient has " + size + " bits");
        }
        return size == 0 ? 0 : value(size);
    }

    /**
     * The AC coefficients of a block.
     *
     * @param quantisation factors in zigzag order
     * @param block        receives what is not zero, dequantised, row by row
     * @return a bit for each coefficient that may not be zero, by its place in the block
     */
    long coefficients(HuffmanTable table, int[] quantisation, int[] block) throws JpegException {
        int[] entries = table.entries();
        byte[] bytes = data;
        byte[] order = natural;
        long bits = buffer;
        int count = available;
        int next = position;
        long seen = 0;
        int k = 1;
        while (k < 64) {
            if (count < ENOUGH) {
                bits |= (long) LONGS.get(bytes, next) >>> count;
                next += 63 - count >>> 3;
                count |= 56;
            }
            int entry = entries[(int) (bits >>> SHIFT)];
            int value = entry >> 16;
            if (value != 0) {
                k += entry >> 8 & 0xFF;
                bits <<= entry;
                count -= entry & 31;
            } else {
                if (entry == 0) {
                    entry = table.longCode((int) (bits >>> 48));
                    if (entry < 0) {
                        throw badCode(next, count);
                    }
                }
                bits <<= entry & 31;
                count -= entry & 31;
                int size = entry >> 8 & 15;
                k += entry >> 12;
                if (size == 0) {
                    if (entry >> 12 != 15) {
                        break;
                    }
                    k++;
                    continue;
                }
                long sign = ~bits >> 63;
                value = (int) ((bits >>> -size) + (sign & 1 - (1L << size)));
                bits <<= size;
                count -= size;
            }
            int place = order[k];
            block[place] = value * quantisation[k & 63];
            seen |= 1L << place;
            k++;
        }
        buffer = bits;
        available = count;
        position = next;
        if (k > 64) {
            throw JpegException.damaged("a block has too many coefficients");
        }
        return seen;
    }

    /**
     * Passes over the AC coefficients of a block, and finds the same damage as {@link #coefficients}.
     *
     * @return all bits if there are any, else none
     */
    long skipCoefficients(HuffmanTable table) throws JpegException {
        int[] skips = table.skips();
        byte[] bytes = data;
        long bits = buffer;
        int count = available;
        int next = position;
        int k = 1;
        while (k <= 64) {
            // Without a branch, which would often be foretold wrongly: the bits are enough for two entries.
            bits |= (long) LONGS.get(bytes, next) >>> count;
            next += 63 - count >>> 3;
            count |= 56;
            int many = skips[(int) (bits >>> SKIP_SHIFT)];
            // An end of the block and no entry go beyond it too: one branch for all that is rare.
            int behind = k + (many >> 8);
            if (behind <= 64) {
                k = behind;
                bits <<= many;
                count -= many & 31;
                many = skips[(int) (bits >>> SKIP_SHIFT)];
                behind = k + (many >> 8);
                if (behind <= 64) {
                    k = behind;
                    bits <<= many;
                    count -= many & 31;
                    continue;
                }
            }
            if (k == 64) {
                break;
            }
            if (many >> 16 == 1 && (behind & 0xFF) < 64) {
                k = behind & 0xFF;
                bits <<= many;
                count -= many & 31;
                break;
            }
            if (count < ENOUGH) {
                continue;
            }
            int entry = table.codes()[(int) (bits >>> SHIFT)];
            if (entry == 0) {
                entry = table.longCode((int) (bits >>> 48));
                if (entry < 0) {
                    throw badCode(next, count);
                }
            }
            int size = entry >> 8 & 15;
            bits <<= (entry & 31) + size;
            count -= (entry & 31) + size;
            k += entry >> 12;
            if (size == 0 && entry >> 12 != 15) {
                break;
            }
            k++;
        }
        buffer = bits;
        available = count;
        position = next;
        if (k > 64) {
            throw JpegException.damaged("a block has too many coefficients");
        }
        return k > 1 ? -1 : 0;
    }

    /** A symbol alone, as progressive scans have them. */
    int symbol(HuffmanTable table) throws JpegException {
        refill();
        int entry = table.codes()[(int) (buffer >>> SHIFT)];
        if (entry == 0) {
            entry = longCode(table);
        }
        skip(entry & 31);
        return entry >> 8;
    }

    /** The value of a coefficient of so many bits, 1 to 15. */
    int value(int size) {
        refill();
        long sign = ~buffer >> 63;
        int value = (int) ((buffer >>> -size) + (sign & 1 - (1L << size)));
        skip(size);
        return value;
    }

    /** So many bits, 1 to 15, as an unsigned number. */
    int bits(int size) {
        refill();
        int value = (int) (buffer >>> -size);
        skip(size);
        return value;
    }

    private int longCode(HuffmanTable table) throws JpegException {
        int entry = table.longCode((int) (buffer >>> 64 - VALUE_BITS));
        if (entry < 0) {
            throw badCode(position, available);
        }
        return entry;
    }

    private JpegException badCode(int next, int count) {
        position = next;
        available = count;
        // Behind the end are zeros, which may be no code either.
        return isBeyondEnd(VALUE_BITS) ? JpegException.truncated() : JpegException.damaged("a code is in no Huffman table");
    }

    private boolean isBeyondEnd(int bits) {
        return 8L * position - available + bits > 8L * end;
    }

    private void refill() {
        if (available < ENOUGH) {
            buffer |= (long) LONGS.get(data, position) >>> available;
            position += 63 - available >>> 3;
            available |= 56;
        }
    }

    private void skip(int bits) {
        buffer <<= bits;
        available -= bits;
    }
}
