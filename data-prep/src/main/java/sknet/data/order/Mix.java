package sknet.data.order;

/** Mixing of numbers into well spread 64-bit words: the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014). */
final class Mix {
    /** The golden ratio's odd fraction of 2^64, SplitMix64's own increment. */
    static final long INCREMENT = 0x9E3779B97F4A7C15L;

    private Mix() {
    }

    /** Mixes a key with a number; a pure function in which every input bit reaches every output bit. */
    static long of(long key, long number) {
        return finish(finish(key + INCREMENT) ^ finish(number * INCREMENT + INCREMENT));
    }

    static long finish(long word) {
        long mixed = (word ^ (word >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }
}
