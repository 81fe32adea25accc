package sknet.sync;

import java.nio.ByteBuffer;

/**
 * How a rank's inbox is laid out, the memory that it receives in: by sender the parts of this rank's ranges; behind them, where peers reach the inbox
 * themselves, the sums of all ranges.
 */
final class InboxLayout {
    private final Partition buckets;
    private final int ranks;
    private final int width;
    /** Elements of this rank's ranges in the buckets before each, and of all of them at the end. */
    private final int[] owned;

    /**
     * @param rank  whose inbox it is
     * @param width bytes of an element
     */
    InboxLayout(Partition buckets, int ranks, int rank, int width) {
        this.buckets = buckets;
        this.ranks = ranks;
        this.width = width;
        this.owned = new int[buckets.parts() + 1];
        for (int bucket = 0; bucket < buckets.parts(); bucket++) {
            owned[bucket + 1] = owned[bucket] + ranges(bucket).size(rank);
        }
    }

    /** Of one bucket, a range for each rank. */
    private Partition ranges(int bucket) {
        return buckets.cut(bucket, ranks);
    }

    /** What the parts take. */
    long partBytes() {
        return (long) width * ranks * owned[buckets.parts()];
    }

    /** What parts and sums take. */
    long bytes() {
        return partBytes() + (long) width * buckets.length();
    }

    /** Where the sender's part of this rank's range lies. */
    ByteBuffer part(ByteBuffer inbox, int from, int bucket) {
        int first = from * owned[buckets.parts()] + owned[bucket];
        return slice(inbox, (long) width * first, owned[bucket + 1] - owned[bucket]);
    }

    /** Where the sum of a range lies that another rank owns. */
    ByteBuffer sum(ByteBuffer inbox, int owner, int bucket) {
        Partition ranges = ranges(bucket);
        return slice(inbox, partBytes() + (long) width * (ranges.start(owner) - buckets.first()), ranges.size(owner));
    }

    private ByteBuffer slice(ByteBuffer inbox, long start, int elements) {
        return inbox.slice(Math.toIntExact(start), elements * width).order(inbox.order());
    }
}
