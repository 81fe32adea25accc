package sknet.data.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Prepares batches ahead on a daemon thread, in a fixed number of direct buffers that go round and round.
 *
 * <p>For one consuming thread. Whatever goes wrong ahead is thrown by {@link #next} when the consumer gets there.
 */
public final class Prefetcher implements Closeable {
    private final BatchReader reader;
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
        private FloatBuffer images = FloatBuffer.allocate(0);
        private int[] labels = new int[0];

        void makeRoom(int count, int valuesPerImage) {
            long bytes = (long) count * valuesPerImage * Float.BYTES;
            if (bytes > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("Cannot read a batch of " + count + " images: " + bytes
                        + " bytes (expected at most "
                        + Integer.MAX_VALUE + ")");
            }
            if (images.capacity() < count * valuesPerImage) {
                images = ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder()).asFloatBuffer();
            }
            if (labels.length < count) {
                labels = new int[count];
            }
        }
    }

    /**
     * Starts reading at once.
     *
     * @param requests the batches in their order; consumed on the background thread
     * @param depth    number of buffers, at least 2: one with the consumer, the others being filled or waiting
     */
    public Prefetcher(BatchReader reader, Iterator<BatchRequest> requests, int depth) {
        if (depth < 2) {
            throw new IllegalArgumentException("Cannot read ahead: depth is " + depth + " (expected 2 or more)");
        }
        this.reader = reader;
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
        return rethrow(end.failure);
    }

    /** How long the consumer has waited for batches: near zero when reading keeps up. */
    public Duration waited() {
        return Duration.ofNanos(waitedNanos);
    }

    /** Stops after the batch in work. The thread is not interrupted: that would close files it shares with other readers. */
    @Override
    public void close() {
        closed = true;
        free.offer(new Slot());
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
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
                slot.makeRoom(count, reader.valuesPerImage());
                reader.read(request.ordinals(), request.epoch(), slot.images, slot.labels);
                FloatBuffer images = slot.images.slice(0, count * reader.valuesPerImage());
                ready.add(new Outcome(new Batch(request, images, slot.labels, count), slot, null));
            }
            ready.add(new Outcome(null, null, null));
        } catch (Throwable failure) {
            // An Error too: the consumer would wait for ever for a thread that died.
            ready.add(new Outcome(null, null, failure));
        }
    }

    private static Batch rethrow(Throwable failure) throws IOException {
        if (failure instanceof IOException e) {
            throw e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        throw new IOException("Cannot read ahead: " + failure.getMessage(), failure);
    }
}
