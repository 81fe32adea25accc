package sknet.data.prepare;

import java.io.Serializable;
import java.util.List;
import sknet.data.shard.DatasetManifest;

/**
 * What became of a {@link ShardPlan}.
 *
 * @param split    name of the split
 * @param number   of the shard in the split
 * @param shards   the shard, or none if no image was readable
 * @param rejected the files left out
 * @param sums     over the images that were written
 * @param sizes    of the images that were written
 */
record ShardResult(String split, int number, List<DatasetManifest.Shard> shards, List<RejectedFile> rejected, ChannelSums sums,
                   SizeCounts sizes) implements Serializable {
}
