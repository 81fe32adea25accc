package sknet.train;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import sknet.checkpoint.Position;
import sknet.data.image.Batch;
import sknet.data.image.BatchReader;
import sknet.data.image.BatchRequest;
import sknet.data.image.OnCorrupt;
import sknet.data.image.Prefetcher;
import sknet.data.image.WindowReader;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.SampleSource;
import sknet.data.shard.ShardedSplit;

/** The micro-batches of one rank, from a position to the end of the run, read and decoded ahead. For one consuming thread. */
final class TrainingFeed implements Closeable {

    private static final int PREFETCHED_BATCHES = 3;

    private final ShardedSplit split;
    private final Optional<WindowReader> windows;
    private final Prefetcher prefetcher;

    private TrainingFeed(ShardedSplit split, Optional<WindowReader> windows, Prefetcher prefetcher) {
        this.split = split;
        this.windows = windows;
        this.prefetcher = prefetcher;
    }

    /**
     * Opens the training images and starts reading.
     *
     * @param cores the task's
     */
    static TrainingFeed open(Configuration hadoop, TrainingPlan plan, DatasetManifest manifest, Position start, int rank, int ranks, int cores)
        throws IOException {
        boolean inWindows = plan.reading().shuffleWindow() > 0;
        // A record that is read in its window is not asked for again in the epoch.
        long cacheBytes = inWindows ? 0 : plan.reading().cacheBytes();
        ShardedSplit split = ShardedSplit.open(hadoop, new Path(plan.dataset()), DatasetManifest.TRAIN, cacheBytes);
        Iterator<BatchRequest> requests = new MicroBatchSchedule(plan, split.shardRecords(), start, rank, ranks);
        Optional<WindowReader> windows = inWindows ? Optional.of(new WindowReader(split, requests)) : Optional.empty();
        SampleSource source = windows.isPresent() ? windows.get() : split;
        BatchReader reader = plan.reading().onCorrupt() == OnCorrupt.SKIP
            ? BatchReader.replacing(source, split, plan.transform(), manifest.mean(), plan.seed())
            : new BatchReader(source, plan.transform(), manifest.mean(), plan.seed());
        int threads = plan.reading().threads() > 0 ? plan.reading().threads() : cores;
        return new TrainingFeed(split, windows, new Prefetcher(reader, windows.isPresent() ? windows.get() : requests, PREFETCHED_BATCHES, threads));
    }

    /** The next micro-batch; the one before it must no longer be used. */
    Batch next() throws IOException, InterruptedException {
        return prefetcher.next();
    }

    /** How long {@link #next} has waited. */
    Duration waited() {
        return prefetcher.waited();
    }

    /** Number of training images. */
    int samples() {
        return split.size();
    }

    @Override
    public void close() throws IOException {
        // First of all, for the prefetcher's thread may be waiting for a window.
        windows.ifPresent(WindowReader::close);
        prefetcher.close();
        split.close();
    }
}
