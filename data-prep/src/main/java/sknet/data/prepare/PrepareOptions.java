package sknet.data.prepare;

/**
 * What to prepare, and how.
 *
 * @param source      where the images are
 * @param output      directory of the data set, on any Hadoop file system
 * @param encoding    how images are stored
 * @param shardBytes  size of a shard, approximately, of images as they are in the source: 1 to 2^30; one HDFS block is a good choice
 * @param seed        of the global shuffle
 * @param overwrite   what to do if the output is a whole data set already
 * @param maxRejected how many files may be left out before the job fails, 0 or more
 * @param createdBy   program and version, for the manifest
 */
public record PrepareOptions(Source source, String output, Encoding encoding, long shardBytes, long seed,
                             Overwrite overwrite, int maxRejected, String createdBy) {
    private static final long MAX_SHARD_BYTES = 1L << 30;

    /** What to do with a whole data set in the output directory. */
    public enum Overwrite {
        /** Fail and leave it alone. */
        REFUSE,
        /** Remove it and write the new one. */
        REPLACE
    }

    public PrepareOptions {
        if (shardBytes < 1 || shardBytes > MAX_SHARD_BYTES) {
            throw new IllegalArgumentException("Cannot prepare " + source.location() + ": shardBytes is " + shardBytes + " (expected 1 to "
                    + MAX_SHARD_BYTES + ")");
        }
        if (maxRejected < 0) {
            throw new IllegalArgumentException("Cannot prepare " + source.location() + ": maxRejected is " + maxRejected
                    + " (expected 0 or more)");
        }
    }
}
