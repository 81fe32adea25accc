package sknet.data.shard;

import java.io.IOException;

/** Takes what {@link ShardedSplit#scan} reads; each call answers whether to go on. */
public interface SampleSink {
    boolean read(ShardedSplit.Sample sample);

    /**
     * A sample cannot be had.
     *
     * @param failure a {@link CorruptShardException} if its bytes are not those that were written
     */
    boolean failed(int ordinal, IOException failure);
}
