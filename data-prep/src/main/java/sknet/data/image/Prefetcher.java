package sknet.data.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Prepares batches ahead, one after the other, each by several daemon threads, in a fixed number of direct buffers that go round and
 * round.
 *
 * <p>For one consuming thread. Whatever goes wrong ahead is thrown by {@link #next} when the consumer gets there.
 */
public final class Prefetcher implements Closeable {
    private final BatchReader reader;
    private final BatchTeam team;
    private final Iterator<BatchRequest> requests;
    private final BlockingQueue<Slot> free;
    private final BlockingQueue<Outcome> ready;
    private final Thread thread;
    private volatile boolean closed;
    private Slot lent;
    private Outcome end;
    private long waitedNanos;

    /** What the thread hands over: one of a batch, a failure, or neither at the end of the requests. */
    private record Outcome(Batch batch, Slot slot, Throwable failure) {
    }

    /** The memory of one batch; grows to the largest batch it has held. */
    private static final class Slot {
        private final List<FloatBuffer> views = new ArrayList<>();
        private int[] labels = new int[0];

        void makeRoom(int count, BatchReader reader) {
            for (int view = 0; view < reader.views(); view++) {
                if (view == views.size()) {
                    views.add(FloatBuffer.allocate(0));
                }
                if (views.get(view).capacity() < (long) count * reader.valuesPerImage(view)) {
                    views.set(view, room(count, reader.valuesPerImage(view)));
                }
            }
            if (labels.length < count) {
                labels = new int[count];
            }
        }

        private static FloatBuffer room(int count, int valuesPerImage) {
            long bytes = (long) count * valuesPerImage * Float.BYTES;
            if (bytes > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("Cannot read a batch of " + count + " images: " + bytes
                        + " bytes (expected at most "
                        + Integer.MAX_VALUE + ")");
            }
            return ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
        }

        List<FloatBuffer> filled(int count, BatchReader reader) {
            List<FloatBuffer> filled = new ArrayList<>();
            for (int view = 0; view < reader.views(); view++) {
                filled.add(views.get(view).slice(0, count * reader.valuesPerImage(view)));
            }
            return filled;
        }
    }

    /**
     * Starts reading at once.
     *
     * @param requests the batches in their order; consumed on the background thread
     * @param depth    number of buffers, at least 2: one with the consumer, the others being filled or waiting
     * @param threads  that read, decode and transform the images of a batch, at least 1
     */
    public Prefetcher(BatchReader reader, Iterator<BatchRequest> requests, int depth, int threads) {
        if (depth < 2) {
            throw new IllegalArgumentException("Cannot read ahead: depth is " + depth + " (expected 2 or more)");
        }
        if (threads < 1) {
            throw new IllegalArgumentException("Cannot read ahead: threads is " + threads + " (expected 1 or more)");
        }
        this.reader = reader;
        this.team = new BatchTeam(reader, threads);
        this.requests = requests;
        free = new ArrayBlockingQueue<>(depth + 1);
        ready = new ArrayBlockingQueue<>(depth + 1);
        for (int i = 0; i < depth; i++) {
            free.add(new Slot());
        }
        thread = new Thread(this::readAhead, "sknet-prefetch");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * The next batch; the one before it must no longer be used.
     *
     * @throws NoSuchElementException if all requests have been served
     * @throws IOException            if its images cannot be read
     */
    public Batch next() throws IOException, InterruptedException {
        if (closed) {
            throw new IllegalStateException("Cannot take a batch: the prefetcher is closed");
        }
        if (end == null) {
            if (lent != null) {
                free.add(lent);
                lent = null;
            }
            long start = System.nanoTime();
            Outcome outcome = ready.take();
            waitedNanos += System.nanoTime() - start;
            if (outcome.batch != null) {
                lent = outcome.slot;
                return outcome.batch;
            }
            end = outcome;
        }
        if (end.failure == null) {
            throw new NoSuchElementException("Cannot take a batch: all requests have been served");
        }
        throw Failures.toThrow(end.failure);
    }

    /** How long the consumer has waited for batches: near zero when reading keeps up. */
    public Duration waited() {
        return Duration.ofNanos(waitedNanos);
    }

    /** Stops after the images in work. No thread is interrupted: that would close files it shares with other readers. */
    @Override
    public void close() {
        closed = true;
        free.offer(new Slot());
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        team.close();
    }

    private void readAhead() {
        try {
            while (!closed && requests.hasNext()) {
                BatchRequest request = requests.next();
                Slot slot = free.take();
                if (closed) {
                    return;
                }
                int count = request.ordinals().length;
                slot.makeRoom(count, reader);
                List<CorruptRecord> corrupt = team.read(request, slot.views, slot.labels, () -> closed);
                ready.add(new Outcome(new Batch(request, slot.filled(count, reader), slot.labels, count, corrupt), slot, null));
            }
            ready.add(new Outcome(null, null, null));
        } catch (Throwable failure) {
            // An Error too: the consumer would wait for ever for a thread that died.
            ready.add(new Outcome(null, null, failure));
        }
    }
}
