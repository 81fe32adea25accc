package sknet.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.spark.util.SignalUtils;
import scala.runtime.AbstractFunction0;
import sknet.train.StopWish;

/**
 * The wish that a long job ends, which is a SIGTERM: the job ends at a good place, and the program with exit code 0. While it does, or when there
 * is no such job, a SIGTERM ends the program as usual.
 */
final class StopSignal implements AutoCloseable {

    private static final Duration CANCEL_INTERVAL = Duration.ofMillis(500);

    private final StopWish wish = new StopWish();
    private final CountDownLatch ended = new CountDownLatch(1);
    private final Runnable cancel;

    private StopSignal(Runnable cancel) {
        this.cancel = cancel;
    }

    /** For a job that looks at the wish itself. */
    static StopSignal listen() {
        return listen(() -> { });
    }

    /** @param cancel ends what the job is doing, from another thread */
    static StopSignal listen(Runnable cancel) {
        StopSignal signal = new StopSignal(cancel);
        SignalUtils.register("TERM", new AbstractFunction0<>() {
            @Override
            public Object apply() {
                return signal.handle();
            }
        });
        return signal;
    }

    /** Whether this is the signal's end. Another one that comes meanwhile is not asked about. */
    private boolean handle() {
        if (ended.getCount() == 0) {
            return false;
        }
        Notices.tell("SIGTERM: ending at a good place; another one ends at once");
        stop();
        return true;
    }

    /** Tells the job to end and waits until it has. */
    void stop() {
        wish.tell();
        try {
            // Again and again: a Spark job that is only about to start is not cancelled.
            do {
                cancel.run();
            } while (!ended.await(CANCEL_INTERVAL.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    boolean isWanted() {
        return wish.isTold();
    }

    /** The same for a training. */
    StopWish wish() {
        return wish;
    }

    /** Waits; returns early when the job is to end. */
    void pause(Duration duration) throws InterruptedException {
        wish.await(duration);
    }

    /** The job has ended. */
    @Override
    public void close() {
        ended.countDown();
    }
}
