package sknet.data.image;

import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import sknet.data.shard.CorruptShardException;
import sknet.data.shard.SampleSink;
import sknet.data.shard.SampleSource;
import sknet.data.shard.ShardedSplit;

/**
 * Reads a split window by window. While the images of one window are taken, those of the next are read on a daemon thread, each
 * shard from front to back: long reads, of each image once. Memory holds the images of at most two windows.
 *
 * <p>It hands on the requests, each when its window has been read, and is the source of their samples. The requests are for one
 * thread; several may read samples.
 */
public final class WindowReader implements Iterator<BatchRequest>, SampleSource, Closeable {
    private final ShardedSplit split;
    private final Iterator<BatchRequest> requests;
    private final Thread thread;
    private volatile Window present = new Window(List.of());
    private volatile boolean closed;
    private BatchRequest firstOfNext;
    /** The window that is ready; guarded by this. */
    private Window next;
    /** What ended the thread early; guarded by this. */
    private Throwable failure;

    /**
     * Starts reading at once.
     *
     * @param split    stays the caller's to close, after this
     * @param requests those of a window follow each other; consumed on the background thread
     */
    public WindowReader(ShardedSplit split, Iterator<BatchRequest> requests) {
        this.split = split;
        this.requests = requests;
        thread = new Thread(this::readAhead, "sknet-window");
        thread.setDaemon(true);
        thread.start();
    }

    /** The images of one window that are not taken yet. */
    private final class Window implements SampleSink {
        private final Iterator<BatchRequest> batches;
        private final int[] ordinals;
        private final Map<Integer, ShardedSplit.Sample> samples = new ConcurrentHashMap<>();
        private final Map<Integer, IOException> corrupt = new ConcurrentHashMap<>();
        /** Why the rest was not read. */
        private volatile IOException unread;

        Window(List<BatchRequest> batches) {
            this.batches = batches.iterator();
            this.ordinals = batches.stream().flatMapToInt(batch -> IntStream.of(batch.ordinals())).sorted().toArray();
        }

        @Override
        public boolean read(ShardedSplit.Sample sample) {
            samples.put(sample.ordinal(), sample);
            return !closed;
        }

        @Override
        public boolean failed(int ordinal, IOException reason) {
            if (reason instanceof CorruptShardException) {
                corrupt.put(ordinal, reason);
                return !closed;
            }
            unread = reason;
            return false;
        }

        ShardedSplit.Sample take(int ordinal) throws IOException {
            ShardedSplit.Sample sample = samples.remove(ordinal);
            if (sample != null) {
                return sample;
            }
            IOException reason = corrupt.getOrDefault(ordinal, unread);
            if (reason != null) {
                throw reason;
            }
            throw new IllegalArgumentException("Cannot take sample " + ordinal + " (expected one of the present window, once)");
        }
    }

    /** Waits until it is known, that is until the next window has been read where this one's batches are all taken. */
    @Override
    public boolean hasNext() {
        if (!present.batches.hasNext()) {
            // Given free before the wait: the thread holds the other window.
            present = new Window(List.of());
            present = await();
        }
        return present.batches.hasNext();
    }

    @Override
    public BatchRequest next() {
        if (!hasNext()) {
            throw new NoSuchElementException("Cannot go on: all windows have been read");
        }
        return present.batches.next();
    }

    /** Of the window that the last request belongs to, each once. */
    @Override
    public ShardedSplit.Sample read(int ordinal) throws IOException {
        return present.take(ordinal);
    }

    private synchronized Window await() {
        try {
            while (next == null && failure == null && !closed) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Cannot wait for the next window: interrupted", e);
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        Window window = closed ? new Window(List.of()) : next;
        next = null;
        notifyAll();
        return window;
    }

    private void readAhead() {
        try {
            firstOfNext = requests.hasNext() ? requests.next() : null;
            boolean last = false;
            while (!closed && !last) {
                List<BatchRequest> batches = batchesOfNext();
                Window window = new Window(batches);
                split.scan(window.ordinals, window);
                handOver(window);
                last = batches.isEmpty();
            }
        } catch (Throwable e) {
            // An Error too: the consumer would wait for ever for a thread that died.
            end(e);
        }
    }

    private List<BatchRequest> batchesOfNext() {
        List<BatchRequest> batches = new ArrayList<>();
        BatchRequest first = firstOfNext;
        while (firstOfNext != null && firstOfNext.epoch() == first.epoch() && firstOfNext.window() == first.window()) {
            batches.add(firstOfNext);
            firstOfNext = requests.hasNext() ? requests.next() : null;
        }
        return batches;
    }

    private synchronized void handOver(Window window) throws InterruptedException {
        next = window;
        notifyAll();
        while (next != null && !closed) {
            wait();
        }
    }

    private synchronized void end(Throwable reason) {
        failure = reason;
        notifyAll();
    }

    /** Stops after the image that is being read, and ends a wait in {@link #hasNext}. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            notifyAll();
        }
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
