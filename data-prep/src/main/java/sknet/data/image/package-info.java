/**
 * From the bytes of an image to float32 planes in a batch: decoding, cropping, mirroring, resampling, mean, and reading ahead,
 * by windows and by batches.
 *
 * <p>Everything random is drawn from a generator that the caller derives from (seed, epoch, ordinal). Knows shards,
 * {@code order} and the JDK; may import neither Spark nor ND4J: a batch is a direct {@link java.nio.FloatBuffer}, for whoever
 * wraps its memory.
 */
package sknet.data.image;
