package sknet.data.order;

/**
 * The order of a split that is shuffled whole: any sample may be at any position, so the records are read one by one from all
 * over the shards. For splits that fit in memory.
 *
 * @param seed  the run's seed
 * @param epoch the epoch, counted from 0
 * @param size  number of samples, at least 1
 */
public record WholeOrder(long seed, int epoch, int size) implements EpochOrder {
    public WholeOrder {
        if (epoch < 0) {
            throw new IllegalArgumentException("Cannot order an epoch: epoch is " + epoch + " (expected 0 or more)");
        }
        if (size < 1) {
            throw new IllegalArgumentException("Cannot order an epoch: size is " + size + " (expected 1 or more)");
        }
    }

    /** {@inheritDoc} All of {@code [0, size)} are positions, and this a bijection of it. */
    @Override
    public int at(int position) {
        if (position < 0 || position >= size) {
            throw new IndexOutOfBoundsException("Cannot order an epoch: position is " + position + " (expected 0 to " + (size - 1)
                    + ")");
        }
        return new Permutation(Mix.of(seed, epoch), size).at(position);
    }

    /** The whole split is one window. */
    @Override
    public int windowAt(int position) {
        return 0;
    }
}
