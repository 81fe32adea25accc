package sknet.data.order;

/**
 * A pseudo-random bijection of {@code [0, size)}, each value of which is found in constant time and memory.
 *
 * <p>It is a balanced Feistel network over the smallest domain of {@code 4^k >= size} values, restricted to the range by cycle
 * walking (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002): fewer than four walks on average.
 *
 * @param key  what it is a function of, well mixed
 * @param size at least 1
 */
record Permutation(long key, int size) {
    /** Four give a sound network for large halves; the halves of a small set have few bits and mix more slowly. */
    private static final int ROUNDS = 8;

    int at(int position) {
        int bits = Long.SIZE - Long.numberOfLeadingZeros(size - 1L);
        int half = Math.max(1, (bits + 1) / 2);
        long value = position;
        do {
            value = permute(value, half);
        } while (value >= size);
        return (int) value;
    }

    private long permute(long value, int half) {
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
