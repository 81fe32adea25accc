package sknet.data.image;

import java.io.IOException;
import java.nio.FloatBuffer;
import sknet.data.order.SampleRandom;
import sknet.data.shard.ShardedSplit;

/**
 * Reads, decodes and transforms the images of a batch. Which image, in which epoch, decides every value: not the thread, nor
 * the batch it is in. Thread safe.
 */
public final class BatchReader {
    private final ShardedSplit split;
    private final ImageTransform transform;
    private final float[] mean;
    private final long seed;
    private final ThreadLocal<ImageLoader> loaders = ThreadLocal.withInitial(ImageLoader::new);

    /**
     * @param split     where the images come from; stays the caller's to close
     * @param transform what becomes of each
     * @param mean      R, G, B in 0..255, subtracted from every pixel
     * @param seed      the run's seed, from which augmentation draws together with epoch and ordinal
     */
    public BatchReader(ShardedSplit split, ImageTransform transform, float[] mean, long seed) {
        if (mean.length != RgbImage.CHANNELS) {
            throw new IllegalArgumentException("Cannot read batches: mean has " + mean.length + " values (expected 3: R, G, B)");
        }
        this.split = split;
        this.transform = transform;
        this.mean = mean.clone();
        this.seed = seed;
    }

    /** Height and width of the images in a batch. */
    public int size() {
        return transform.size();
    }

    /** Number of float32 values of one image: 3 * size * size. */
    public int valuesPerImage() {
        return RgbImage.CHANNELS * size() * size();
    }

    /**
     * Fills a batch.
     *
     * @param ordinals numbers of the n images in the split
     * @param epoch    the epoch, counted from 0; evaluation uses 0
     * @param images   receives [n, 3, size, size] from absolute position 0
     * @param labels   receives n labels
     * @throws IOException if an image cannot be read or decoded; the message names it
     */
    public void read(int[] ordinals, int epoch, FloatBuffer images, int[] labels) throws IOException {
        if (images.limit() < (long) ordinals.length * valuesPerImage() || labels.length < ordinals.length) {
            throw new IllegalArgumentException("Cannot read a batch of " + ordinals.length + ": room for " + images.limit()
                    + " values and "
                    + labels.length + " labels (expected " + valuesPerImage() + " values and 1 label an image)");
        }
        for (int i = 0; i < ordinals.length; i++) {
            ShardedSplit.Sample sample = split.read(ordinals[i]);
            load(sample, epoch, images, i * valuesPerImage());
            labels[i] = sample.label();
        }
    }

    private void load(ShardedSplit.Sample sample, int epoch, FloatBuffer images, int offset) throws IOException {
        try {
            loaders.get().load(sample.bytes(), transform, new SampleRandom(seed, epoch, sample.ordinal()), mean, images, offset);
        } catch (UnreadableImageException e) {
            throw new IOException("Cannot decode " + sample.id() + " (sample " + sample.ordinal() + "): it " + e.getMessage(), e);
        }
    }
}
