package sknet.data.order;

/**
 * The order in which one epoch visits the samples: a pseudo-random bijection of {@code [0, size)}.
 *
 * <p>Any position is found in constant time and memory, so a resumed run or a late executor starts in the middle of an epoch
 * without replaying it, and the order depends on nothing but the three components.
 *
 * <p>The bijection is a balanced Feistel network over the smallest domain of {@code 4^k >= size} values, restricted to the
 * range by cycle walking (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002): fewer than four walks on average.
 *
 * @param seed  the run's seed
 * @param epoch the epoch, counted from 0
 * @param size  number of samples, at least 1
 */
public record EpochOrder(long seed, int epoch, int size) {
    /** Four give a sound network for large halves; the halves of a small set have few bits and mix more slowly. */
    private static final int ROUNDS = 8;

    public EpochOrder {
        if (epoch < 0) {
            throw new IllegalArgumentException("Cannot order an epoch: epoch is " + epoch + " (expected 0 or more)");
        }
        if (size < 1) {
            throw new IllegalArgumentException("Cannot order an epoch: size is " + size + " (expected 1 or more)");
        }
    }

    /**
     * The ordinal of the sample visited at a position.
     *
     * @param position in {@code [0, size)}
     * @return an ordinal in {@code [0, size)}; different positions give different ordinals
     */
    public int at(int position) {
        if (position < 0 || position >= size) {
            throw new IndexOutOfBoundsException("Cannot order an epoch: position is " + position + " (expected 0 to " + (size - 1)
                    + ")");
        }
        long key = Mix.of(seed, epoch);
        int bits = Long.SIZE - Long.numberOfLeadingZeros(size - 1L);
        int half = Math.max(1, (bits + 1) / 2);
        long value = position;
        do {
            value = permute(value, key, half);
        } while (value >= size);
        return (int) value;
    }

    private static long permute(long value, long key, int half) {
        long mask = (1L << half) - 1;
        long left = value >>> half;
        long right = value & mask;
        for (int round = 0; round < ROUNDS; round++) {
            // The high bits of the mixed word are its best.
            long next = left ^ (Mix.of(key, (long) round << Integer.SIZE | right) >>> (Long.SIZE - half));
            left = right;
            right = next;
        }
        return left << half | right;
    }
}
