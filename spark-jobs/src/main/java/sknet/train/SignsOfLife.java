package sknet.train;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sknet.checkpoint.StoragePatience;

/**
 * Keeps a run's {@link RunProgress} up to date, from the start of its first attempt until it is closed. On a thread of its own: a file system that
 * does not answer keeps nobody waiting.
 */
public final class SignsOfLife implements TrainingObserver, AutoCloseable {

    /** From one to the next. */
    public static final Duration INTERVAL = Duration.ofSeconds(30);
    private static final Logger LOG = LoggerFactory.getLogger(SignsOfLife.class);
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final FileSystem fileSystem;
    private final Path run;
    private final int epochs;
    private final ScheduledExecutorService writer = Executors.newSingleThreadScheduledExecutor(SignsOfLife::daemon);
    private boolean begun;
    private long step;
    private long totalSteps;
    private long reportedNanos;
    private StepMetrics last;

    SignsOfLife(FileSystem fileSystem, Path run, int epochs) {
        this.fileSystem = fileSystem;
        this.run = run;
        this.epochs = epochs;
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "sknet-signs-of-life");
        thread.setDaemon(true);
        return thread;
    }

    /** The last step that was heard of; 0 before. */
    synchronized long step() {
        return step;
    }

    @Override
    public synchronized void started(long start, long total, Resumed resumed) {
        step = start;
        totalSteps = total;
        reportedNanos = System.nanoTime();
        if (!begun) {
            begun = true;
            writer.scheduleAtFixedRate(this::write, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public synchronized void stepped(StepMetrics metrics) {
        step = metrics.step();
        reportedNanos = System.nanoTime();
        last = metrics;
    }

    private synchronized RunProgress progress() {
        return new RunProgress(step, totalSteps, epochs, (System.nanoTime() - reportedNanos) / 1e9, last);
    }

    private void write() {
        try {
            progress().write(fileSystem, run);
        } catch (IOException e) {
            // A run does not fail for it; if it is more than a moment's failure, a checkpoint meets it too.
            LOG.info("Cannot write {} in {}: {}", RunProgress.FILE, run, StoragePatience.reason(e));
        }
    }

    /** The last sign says where the run has ended. */
    @Override
    public void close() {
        if (hasBegun()) {
            writer.execute(this::write);
        }
        writer.shutdown();
        try {
            if (!writer.awaitTermination(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                writer.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized boolean hasBegun() {
        return begun;
    }
}
