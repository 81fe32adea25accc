package sknet.data.image;

import java.io.Closeable;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** Fills batches by several threads, of which each takes the next image: what a batch holds does not depend on their number. */
final class BatchTeam implements Closeable {
    private final BatchReader reader;
    private final int threads;
    private final ExecutorService others;
    private final Queue<Thread> started = new ConcurrentLinkedQueue<>();

    /** @param threads the caller's is one of them */
    BatchTeam(BatchReader reader, int threads) {
        this.reader = reader;
        this.threads = threads;
        this.others = Executors.newFixedThreadPool(Math.max(1, threads - 1), work -> {
            Thread thread = new Thread(work, "sknet-decode");
            thread.setDaemon(true);
            started.add(thread);
            return thread;
        });
    }

    /**
     * Fills a batch; given up between images when it is no longer wanted.
     *
     * @param images a buffer for each of the reader's views
     * @return the records that others took the place of, in the batch's order
     * @throws IOException if an image cannot be read or decoded; of several the first in the batch's order
     */
    List<CorruptRecord> read(BatchRequest request, List<FloatBuffer> images, int[] labels, BooleanSupplier unwanted)
            throws IOException, InterruptedException, ExecutionException {
        Work work = new Work(request, images, labels, unwanted);
        List<Future<?>> helpers = new ArrayList<>();
        for (int helper = 1; helper < Math.min(threads, request.ordinals().length); helper++) {
            helpers.add(others.submit(work));
        }
        work.run();
        for (Future<?> helper : helpers) {
            helper.get();
        }
        return work.result();
    }

    private final class Work implements Runnable {
        private final BatchRequest request;
        private final List<FloatBuffer> images;
        private final int[] labels;
        private final BooleanSupplier unwanted;
        private final CorruptRecord[] replaced;
        private final AtomicInteger next = new AtomicInteger();
        private final ConcurrentSkipListMap<Integer, Throwable> failures = new ConcurrentSkipListMap<>();

        Work(BatchRequest request, List<FloatBuffer> images, int[] labels, BooleanSupplier unwanted) {
            this.request = request;
            this.images = images;
            this.labels = labels;
            this.unwanted = unwanted;
            this.replaced = new CorruptRecord[request.ordinals().length];
        }

        @Override
        public void run() {
            while (failures.isEmpty() && !unwanted.getAsBoolean()) {
                int place = next.getAndIncrement();
                if (place >= replaced.length) {
                    return;
                }
                try {
                    replaced[place] = reader.read(request.ordinals()[place], request.epoch(), place, images, labels).orElse(null);
                } catch (Throwable failure) {
                    failures.put(place, failure);
                }
            }
        }

        /** Images are taken in their order, so that none before the first failure is missing. */
        List<CorruptRecord> result() throws IOException {
            if (!failures.isEmpty()) {
                throw Failures.toThrow(failures.firstEntry().getValue());
            }
            return Stream.of(replaced).filter(Objects::nonNull).toList();
        }
    }

    /** Returns when its threads have ended, which the end of a pool does not promise. Not while a batch is being read. */
    @Override
    public void close() {
        others.shutdown();
        try {
            for (Thread thread : started) {
                thread.join();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
