package sknet.data.order;

import java.util.Arrays;

/**
 * The order of a split that is too large to be read record by record: one that reads its shards from beginning to end.
 *
 * <p>The shards are permuted, as (seed, epoch) decide, and their records strung together. This stream is cut into lanes of equal
 * length, one for each micro-batch of a step, and each lane into windows of the same number of steps. Within a window the lane's
 * samples are shuffled by a permutation of (seed, epoch, lane, window). The m-th micro-batch of a step takes the next samples of
 * lane m. So an executor reads only the shards of its own micro-batches' lanes, whatever the number of executors, and each of
 * them once.
 *
 * <p>An epoch ends with its last whole step. What the lanes have beyond it, less than a step, and what the division into lanes
 * leaves of the stream are other samples in every epoch, as they are when the split is shuffled whole.
 *
 * <p>A position is found in O(log shards).
 */
public final class WindowedOrder implements EpochOrder {
    /** No lane's number, and so a key of its own. */
    private static final long SHARDS = -1;

    private final long key;
    private final Windows windows;
    private final int laneLength;
    private final int positions;
    /** Place in the stream of the first record of each shard, in the epoch's order of the shards; then the stream's length. */
    private final int[] streamStarts;
    /** Ordinal of that record. */
    private final int[] ordinals;

    /**
     * @param seed         the run's seed
     * @param epoch        the epoch, counted from 0
     * @param shardRecords number of records of each shard, in the split's order
     * @throws IllegalArgumentException if there are fewer records than a step takes
     */
    public WindowedOrder(long seed, int epoch, int[] shardRecords, Windows windows) {
        if (epoch < 0) {
            throw new IllegalArgumentException("Cannot order an epoch: epoch is " + epoch + " (expected 0 or more)");
        }
        this.key = Mix.of(seed, epoch);
        this.windows = windows;
        int[] starts = new int[shardRecords.length + 1];
        for (int shard = 0; shard < shardRecords.length; shard++) {
            starts[shard + 1] = Math.addExact(starts[shard], shardRecords[shard]);
        }
        int size = starts[shardRecords.length];
        if (size < windows.batch()) {
            throw new IllegalArgumentException("Cannot order an epoch: size is " + size + " (expected a step of " + windows.batch()
                    + " or more)");
        }
        laneLength = size / windows.lanes();
        positions = size / windows.batch() * windows.batch();
        Permutation shards = new Permutation(Mix.of(key, SHARDS), shardRecords.length);
        streamStarts = new int[shardRecords.length + 1];
        ordinals = new int[shardRecords.length];
        for (int i = 0; i < shardRecords.length; i++) {
            int shard = shards.at(i);
            ordinals[i] = starts[shard];
            streamStarts[i + 1] = streamStarts[i] + shardRecords[shard];
        }
    }

    @Override
    public int at(int position) {
        check(position);
        int lane = position % windows.batch() / windows.laneBatch();
        int inLane = position / windows.batch() * windows.laneBatch() + position % windows.laneBatch();
        int window = inLane / windows.laneWindow();
        int start = window * windows.laneWindow();
        int length = Math.min(windows.laneWindow(), laneLength - start);
        int shuffled = new Permutation(Mix.of(Mix.of(key, lane), window), length).at(inLane - start);
        return ordinal(lane * laneLength + start + shuffled);
    }

    @Override
    public int windowAt(int position) {
        check(position);
        return position / windows.batch() / windows.steps();
    }

    private void check(int position) {
        if (position < 0 || position >= positions) {
            throw new IndexOutOfBoundsException("Cannot order an epoch: position is " + position + " (expected 0 to " + (positions - 1)
                    + ")");
        }
    }

    private int ordinal(int place) {
        int found = Arrays.binarySearch(streamStarts, place);
        int shard = found >= 0 ? found : -found - 2;
        // A shard without records shares its start with the next one.
        while (streamStarts[shard + 1] == place) {
            shard++;
        }
        return ordinals[shard] + place - streamStarts[shard];
    }
}
