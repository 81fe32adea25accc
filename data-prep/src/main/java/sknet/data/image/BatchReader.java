package sknet.data.image;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.Optional;
import sknet.data.order.SampleRandom;
import sknet.data.shard.CorruptShardException;
import sknet.data.shard.SampleSource;
import sknet.data.shard.ShardedSplit;

/**
 * Reads, decodes and transforms the images of a batch. Which image, in which epoch, decides every value: not the thread, nor
 * the batch it is in. Thread safe.
 */
public final class BatchReader {
    private final SampleSource source;
    /** Where the records come from that take the place of corrupt ones; empty where those are errors. */
    private final Optional<ShardedSplit> replacements;
    private final List<ImageTransform> views;
    private final float[] mean;
    private final long seed;
    private final ThreadLocal<ImageLoader> loaders = ThreadLocal.withInitial(ImageLoader::new);

    /**
     * A reader to which a corrupt record is an error.
     *
     * @param source    where the images come from; stays the caller's to close
     * @param transform what becomes of each
     * @param mean      R, G, B in 0..255, subtracted from every pixel
     * @param seed      the run's seed, from which augmentation draws together with epoch and ordinal
     */
    public BatchReader(SampleSource source, ImageTransform transform, float[] mean, long seed) {
        this(source, Optional.empty(), List.of(transform), mean, seed);
    }

    /**
     * A reader that shows each image in several ways and reads its record once; to it a corrupt record is an error.
     *
     * @param views what becomes of each, at least one; each gets a buffer of its own in a batch
     */
    public static BatchReader ofViews(SampleSource source, List<? extends ImageTransform> views, float[] mean, long seed) {
        return new BatchReader(source, Optional.empty(), List.copyOf(views), mean, seed);
    }

    /**
     * A reader in which the next readable record of the same shard takes the place of a corrupt one, augmented as that would have
     * been: a function of the data set, whichever executor reads.
     *
     * @param source where the images come from
     * @param split  theirs; read directly for replacements
     */
    public static BatchReader replacing(SampleSource source, ShardedSplit split, ImageTransform transform, float[] mean, long seed) {
        return new BatchReader(source, Optional.of(split), List.of(transform), mean, seed);
    }

    private BatchReader(SampleSource source, Optional<ShardedSplit> replacements, List<ImageTransform> views, float[] mean, long seed) {
        if (views.isEmpty()) {
            throw new IllegalArgumentException("Cannot read batches: there are no views (expected at least one)");
        }
        if (mean.length != RgbImage.CHANNELS) {
            throw new IllegalArgumentException("Cannot read batches: mean has " + mean.length + " values (expected 3: R, G, B)");
        }
        this.source = source;
        this.replacements = replacements;
        this.views = views;
        this.mean = mean.clone();
        this.seed = seed;
    }

    /** How many views of each image a batch holds. */
    int views() {
        return views.size();
    }

    /** Number of float32 values of one image in a view: 3 * size * size. */
    int valuesPerImage(int view) {
        int size = views.get(view).size();
        return RgbImage.CHANNELS * size * size;
    }

    /**
     * Fills a batch of a single view; as {@link #read(int[], int, List, int[])}.
     *
     * @param images receives [n, 3, size, size] from absolute position 0
     */
    public void read(int[] ordinals, int epoch, FloatBuffer images, int[] labels) throws IOException {
        read(ordinals, epoch, List.of(images), labels);
    }

    /**
     * Fills a batch.
     *
     * @param ordinals numbers of the n images in the split
     * @param epoch    the epoch, counted from 0; evaluation uses 0
     * @param images   a buffer for each view, which receives [n, 3, size, size] from absolute position 0
     * @param labels   receives n labels
     * @throws IOException if an image cannot be read or decoded; the message names it
     */
    public void read(int[] ordinals, int epoch, List<FloatBuffer> images, int[] labels) throws IOException {
        for (int view = 0; view < views.size(); view++) {
            if (images.get(view).limit() < (long) ordinals.length * valuesPerImage(view) || labels.length < ordinals.length) {
                throw new IllegalArgumentException("Cannot read a batch of " + ordinals.length + ": room for " + images.get(view).limit()
                        + " values and "
                        + labels.length + " labels (expected " + valuesPerImage(view) + " values and 1 label an image)");
            }
        }
        for (int i = 0; i < ordinals.length; i++) {
            read(ordinals[i], epoch, i, images, labels);
        }
    }

    /**
     * Fills one place of a batch.
     *
     * @param images a buffer for each view
     * @return the record of that ordinal, if another one took its place
     */
    Optional<CorruptRecord> read(int ordinal, int epoch, int place, List<FloatBuffer> images, int[] labels) throws IOException {
        try {
            put(source.read(ordinal), epoch, ordinal, place, images, labels);
            return Optional.empty();
        } catch (CorruptShardException | CorruptImageException e) {
            ShardedSplit split = replacements.orElseThrow(() -> e);
            replace(split, ordinal, epoch, place, images, labels);
            String finding = e instanceof CorruptShardException ? e.getMessage() : e.getMessage() + "; it is " + split.place(ordinal);
            return Optional.of(new CorruptRecord(ordinal, finding));
        }
    }

    private void replace(ShardedSplit split, int ordinal, int epoch, int place, List<FloatBuffer> images, int[] labels) throws IOException {
        for (int other = split.nextInShard(ordinal); other != ordinal; other = split.nextInShard(other)) {
            try {
                put(split.read(other), epoch, ordinal, place, images, labels);
                return;
            } catch (CorruptShardException | CorruptImageException e) {
                // Reported when its own turn comes, and not remembered: whether an image can be decoded may depend on the part that is shown.
            }
        }
        throw new IOException("Cannot replace " + split.place(ordinal) + ": no record of its shard can be read (expected at least one)");
    }

    /** @param ordinal of the sample whose augmentation this is */
    private void put(ShardedSplit.Sample sample, int epoch, int ordinal, int place, List<FloatBuffer> images, int[] labels)
            throws CorruptImageException {
        try {
            for (int view = 0; view < views.size(); view++) {
                loaders.get().load(sample.bytes(), views.get(view), new SampleRandom(seed, epoch, ordinal), mean, images.get(view),
                        place * valuesPerImage(view));
            }
            labels[place] = sample.label();
        } catch (UnreadableImageException e) {
            throw new CorruptImageException("Cannot decode " + sample.id() + " (sample " + sample.ordinal() + "): it " + e.getMessage(), e);
        }
    }
}
