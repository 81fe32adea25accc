package sknet.data.prepare;

import org.apache.hadoop.fs.Path;

/**
 * All that decides which bytes a preparation writes. It is written first, so that a later run knows whether what it finds is its own.
 *
 * @param source            the qualified location
 * @param sourceFingerprint {@link Listing#fingerprint}
 * @param newestMillis      {@link Listing#newestMillis}: an image may change and keep its size
 * @param encoding          {@link Encoding#description}
 * @param seed              of the global shuffle
 * @param shardBytes        size of a shard
 * @param createdBy         program and version
 */
record Plan(String source, String sourceFingerprint, long newestMillis, String encoding, long seed, long shardBytes,
            String createdBy) {

    static Plan of(Path source, Listing listing, PrepareOptions options) {
        return new Plan(source.toString(), listing.fingerprint(), listing.newestMillis(), options.encoding().description(),
                options.seed(), options.shardBytes(), options.createdBy());
    }
}
