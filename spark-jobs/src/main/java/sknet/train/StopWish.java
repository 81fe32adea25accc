package sknet.train;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The wish that a training ends early, at a checkpoint, from which it can go on. Any thread may tell it; once told, it stays. */
public final class StopWish {

    private final CompletableFuture<Void> told = new CompletableFuture<>();

    /** Tells it. */
    public void tell() {
        told.complete(null);
    }

    /** Whether it was told. */
    public boolean isTold() {
        return told.isDone();
    }

    /** Waits so long, or until it is told. */
    public void await(Duration duration) throws InterruptedException {
        try {
            told.get(duration.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            // It was not told.
        } catch (ExecutionException e) {
            throw new IllegalStateException("A wish has no failure", e);
        }
    }

    /** Has something done when it is told, or now if it was. */
    void whenTold(Runnable action) {
        told.thenRun(action);
    }
}
