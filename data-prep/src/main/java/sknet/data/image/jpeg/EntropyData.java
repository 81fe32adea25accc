package sknet.data.image.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The coded bits of a scan, freed of stuffed zeros and cut at the restart markers. Reused from scan to scan. */
final class EntropyData {
    /** Zeros behind the end, for a reader that notices only at the end of an MCU that it went too far. */
    static final int SLACK = 8192;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int FIRST_RESTART = 0xD0;
    private static final int LAST_RESTART = 0xD7;

    private byte[] bytes = new byte[0];
    private int[] ends = new int[16];
    private int intervals;

    /**
     * Takes over the data of a scan.
     *
     * @param from where it starts in the file
     * @return where the marker behind it starts, or the file's end
     */
    int read(byte[] file, int from) throws JpegException {
        makeRoom(file.length - from);
        intervals = 0;
        int source = from;
        int target = 0;
        while (true) {
            int run = nextMark(file, source);
            System.arraycopy(file, source, bytes, target, run - source);
            target += run - source;
            int code = run;
            while (code < file.length && file[code] == (byte) 0xFF) {
                code++;
            }
            int marker = code < file.length ? file[code] & 0xFF : -1;
            if (marker == 0 && run + 1 == code) {
                bytes[target++] = (byte) 0xFF;
            } else {
                addInterval(target);
                if (marker < FIRST_RESTART || marker > LAST_RESTART) {
                    Arrays.fill(bytes, target, target + SLACK, (byte) 0);
                    return run;
                }
                if (marker - FIRST_RESTART != (intervals - 1 & 7)) {
                    throw JpegException.damaged("a restart marker is missing");
                }
            }
            source = code + 1;
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int intervals() {
        return intervals;
    }

    int start(int interval) {
        return interval == 0 ? 0 : ends[interval - 1];
    }

    int end(int interval) {
        return ends[interval];
    }

    private void makeRoom(int length) {
        int wanted = length + SLACK;
        if (bytes.length < wanted || bytes.length > 4L * wanted + (1 << 20)) {
            bytes = new byte[wanted + wanted / 4];
        }
    }

    private static int nextMark(byte[] file, int from) {
        int i = from;
        for (; i + Long.BYTES <= file.length; i += Long.BYTES) {
            long zeroWhereMark = ~(long) LONGS.get(file, i);
            // The lowest bit found is right; those above a zero byte need not be.
            long found = zeroWhereMark - 0x0101010101010101L & ~zeroWhereMark & 0x8080808080808080L;
            if (found != 0) {
                return i + (Long.numberOfTrailingZeros(found) >> 3);
            }
        }
        while (i < file.length && file[i] != (byte) 0xFF) {
            i++;
        }
        return i;
    }

    private void addInterval(int target) {
        if (intervals == ends.length) {
            ends = Arrays.copyOf(ends, 2 * intervals);
        }
        ends[intervals++] = target;
    }
}
