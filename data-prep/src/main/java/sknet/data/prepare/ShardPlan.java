package sknet.data.prepare;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import sknet.data.order.WholeOrder;

/**
 * The work of one task: which images make up a shard, in their order.
 *
 * @param split  name of the split, which is also its directory
 * @param number of the shard in the split
 */
record ShardPlan(String split, int number, List<SourceImage> images) implements Serializable {
    /** Keeps the shuffle on disk apart from the epochs' orders, which a run may draw from the same seed. */
    private static final long SHUFFLE_SALT = 0x7368756666_6C65L;
    /** What a record costs beside the image and its id: lengths, key framing, label. */
    private static final int RECORD_OVERHEAD_BYTES = 24;

    /**
     * Shuffles a split as a whole and cuts it.
     *
     * @param sorted     the split's images, sorted
     * @param shardBytes a shard ends before it would exceed this, but holds at least one image
     */
    static List<ShardPlan> cut(String split, List<SourceImage> sorted, long seed, long shardBytes) {
        WholeOrder order = new WholeOrder(seed ^ SHUFFLE_SALT, 0, sorted.size());
        List<ShardPlan> plans = new ArrayList<>();
        List<SourceImage> shard = new ArrayList<>();
        long bytes = 0;
        for (int position = 0; position < sorted.size(); position++) {
            SourceImage image = sorted.get(order.at(position));
            long recordBytes = image.place().bytes() + image.id().length() + RECORD_OVERHEAD_BYTES;
            if (!shard.isEmpty() && bytes + recordBytes > shardBytes) {
                plans.add(new ShardPlan(split, plans.size(), List.copyOf(shard)));
                shard.clear();
                bytes = 0;
            }
            shard.add(image);
            bytes += recordBytes;
        }
        plans.add(new ShardPlan(split, plans.size(), List.copyOf(shard)));
        return plans;
    }
}
