package sknet.train;

import java.util.concurrent.CompletableFuture;

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

    /** Has something done when it is told, or now if it was. */
    void whenTold(Runnable action) {
        told.thenRun(action);
    }
}
