package sknet.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.util.ShutdownHookManager;

/** The wish that a long job ends, which is a SIGTERM or SIGINT: the job is given time to, while Spark and the file systems are still there. */
final class StopSignal implements AutoCloseable {

    /** Before Spark's hook, which is 30 above the file systems'. */
    private static final int PRIORITY = FileSystem.SHUTDOWN_HOOK_PRIORITY + 40;
    /** Less than what schedulers leave between SIGTERM and SIGKILL. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration CANCEL_INTERVAL = Duration.ofMillis(500);

    private final CountDownLatch wanted = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Runnable cancel;
    private final Runnable hook = this::stop;

    private StopSignal(Runnable cancel) {
        this.cancel = cancel;
    }

    /** @param cancel ends what the job is doing, from another thread */
    static StopSignal listen(Runnable cancel) {
        StopSignal signal = new StopSignal(cancel);
        ShutdownHookManager.get().addShutdownHook(signal.hook, PRIORITY, PATIENCE.toSeconds(), TimeUnit.SECONDS);
        return signal;
    }

    /** Tells the job to end and waits until it has. */
    void stop() {
        wanted.countDown();
        try {
            // Again and again: a Spark job that is only about to start is not cancelled.
            do {
                cancel.run();
            } while (!ended.await(CANCEL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            // Its time is over.
            Thread.currentThread().interrupt();
        }
    }

    boolean isWanted() {
        return wanted.getCount() == 0;
    }

    /** Waits; returns early when the job is to end. */
    void pause(Duration duration) throws InterruptedException {
        wanted.await(duration.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The job has ended. */
    @Override
    public void close() {
        ended.countDown();
        if (!ShutdownHookManager.get().isShutdownInProgress()) {
            ShutdownHookManager.get().removeShutdownHook(hook);
        }
    }
}
