package sknet.data.order;

/**
 * The order in which one epoch visits the samples of a split, each at most once: a pure function of the seed, the epoch and the
 * split's shape.
 *
 * <p>Any position is found without the ones before it, so a resumed run or a late executor starts in the middle of an epoch
 * without replaying it.
 */
public sealed interface EpochOrder permits WholeOrder, WindowedOrder {
    /**
     * The ordinal of the sample visited at a position.
     *
     * @param position from 0; each step takes the next positions, each of its micro-batches the next of these
     * @return an ordinal in the split; different positions give different ordinals
     * @throws IndexOutOfBoundsException if the epoch has no such position
     */
    int at(int position);

    /** The window that a position lies in, counted from 0: the samples of one window are neighbours in their shards. */
    int windowAt(int position);
}
