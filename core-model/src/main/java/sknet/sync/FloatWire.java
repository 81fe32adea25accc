package sknet.sync;

import java.nio.ByteBuffer;
import sknet.kernel.ExchangeKernel;

/** The vector's own memory, float32. */
record FloatWire(ByteBuffer vector, ExchangeKernel kernel) implements Wire {
    /** The parts of so many elements fit into a core's cache, where they are added up. */
    private static final int BLOCK = 1 << 14;

    @Override
    public int width() {
        return Float.BYTES;
    }

    @Override
    public ByteBuffer part(int start, int end) {
        return slice(vector, start, end);
    }

    @Override
    public ByteBuffer place(int start, int end) {
        return slice(vector, start, end);
    }

    @Override
    public void take(int start, int end) {
        // It is there already.
    }

    @Override
    public ByteBuffer reduce(int start, int end, int rank, ByteBuffer[] parts) {
        ByteBuffer[] block = new ByteBuffer[parts.length];
        for (int from = start; from < end; from += BLOCK) {
            int to = Math.min(end, from + BLOCK);
            for (int peer = 0; peer < parts.length; peer++) {
                block[peer] = peer == rank ? slice(vector, from, to) : slice(parts[peer], from - start, to - start);
            }
            PairwiseSum.reduce(block.length, rank, (target, addend) -> kernel.add(block[target], block[addend]));
        }
        return slice(vector, start, end);
    }

    static ByteBuffer slice(ByteBuffer bytes, int start, int end) {
        return bytes.slice(start * Float.BYTES, (end - start) * Float.BYTES).order(bytes.order());
    }
}
