package sknet.sync;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.bytedeco.javacpp.BytePointer;
import sknet.kernel.ExchangeKernel;

/**
 * A copy of the vector in bfloat16. Whatever is added, this rank's own part included, was rounded first, and the sum is rounded again: so it does not
 * matter for a sum who owns its range.
 */
final class HalfWire implements Wire {
    private static final int BLOCK = 1 << 14;

    private final ByteBuffer vector;
    private final ExchangeKernel kernel;
    private final BytePointer memory;
    private final ByteBuffer halves;
    private final ByteBuffer[] widened;
    private final BytePointer widenedMemory;

    HalfWire(ByteBuffer vector, int ranks, ExchangeKernel kernel) {
        this.vector = vector;
        this.kernel = kernel;
        this.memory = new BytePointer(vector.capacity() / 2L);
        this.halves = memory.asByteBuffer().order(ByteOrder.nativeOrder());
        this.widenedMemory = new BytePointer((long) ranks * BLOCK * Float.BYTES);
        ByteBuffer all = widenedMemory.asByteBuffer().order(ByteOrder.nativeOrder());
        this.widened = new ByteBuffer[ranks];
        for (int peer = 0; peer < ranks; peer++) {
            widened[peer] = FloatWire.slice(all, peer * BLOCK, (peer + 1) * BLOCK);
        }
    }

    @Override
    public int width() {
        return Short.BYTES;
    }

    @Override
    public ByteBuffer part(int start, int end) {
        ByteBuffer part = slice(halves, start, end);
        kernel.narrow(FloatWire.slice(vector, start, end), part);
        return part;
    }

    /** The owner has this rank's part of the range when it sends the sum. */
    @Override
    public ByteBuffer place(int start, int end) {
        return slice(halves, start, end);
    }

    @Override
    public void take(int start, int end) {
        kernel.widen(slice(halves, start, end), FloatWire.slice(vector, start, end));
    }

    @Override
    public synchronized ByteBuffer reduce(int start, int end, int rank, ByteBuffer[] parts) {
        ByteBuffer[] block = new ByteBuffer[parts.length];
        for (int from = start; from < end; from += BLOCK) {
            int to = Math.min(end, from + BLOCK);
            for (int peer = 0; peer < parts.length; peer++) {
                block[peer] = FloatWire.slice(widened[peer], 0, to - from);
                kernel.widen(peer == rank ? part(from, to) : slice(parts[peer], from - start, to - start), block[peer]);
            }
            PairwiseSum.reduce(block.length, rank, (target, addend) -> kernel.add(block[target], block[addend]));
            kernel.narrow(block[rank], slice(halves, from, to));
        }
        take(start, end);
        return slice(halves, start, end);
    }

    private static ByteBuffer slice(ByteBuffer bytes, int start, int end) {
        return bytes.slice(start * Short.BYTES, (end - start) * Short.BYTES).order(bytes.order());
    }
}
