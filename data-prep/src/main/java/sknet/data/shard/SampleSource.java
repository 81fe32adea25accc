package sknet.data.shard;

import java.io.IOException;

/** Where samples are read from, by their ordinals. Thread safe. */
public interface SampleSource {
    /**
     * Reads one image.
     *
     * @param ordinal its number in the split
     * @throws CorruptShardException if its bytes are not those that were written; names shard and record
     * @throws IOException           if they cannot be read
     */
    ShardedSplit.Sample read(int ordinal) throws IOException;
}
