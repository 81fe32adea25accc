package sknet.kernel.vector;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/** The threads that share the calling thread's work. */
final class Team {
    private static final ThreadLocal<Integer> SIZE = ThreadLocal.withInitial(() -> 1);
    private static final ExecutorService HELPERS = Executors.newCachedThreadPool(work -> {
        Thread thread = new Thread(work, "kernel-helper");
        thread.setDaemon(true);
        return thread;
    });

    private static final int SPINS = 10_000;
    private static final long PARK_NANOS = 20_000;

    private Team() {}

    /** From now on the calling thread works with {@code threads - 1} others. */
    static void use(int threads) {
        SIZE.set(threads);
    }

    /** Does every part once, in no order, and returns when all are done. */
    static void run(int parts, IntConsumer part) {
        int helpers = Math.min(SIZE.get(), parts) - 1;
        if (helpers < 1) {
            for (int i = 0; i < parts; i++) {
                part.accept(i);
            }
            return;
        }
        AtomicInteger next = new AtomicInteger();
        AtomicReference<RuntimeException> failure = new AtomicReference<>();
        CountDownLatch ended = new CountDownLatch(helpers);
        Runnable work = () -> {
            try {
                for (int i = next.getAndIncrement(); i < parts; i = next.getAndIncrement()) {
                    part.accept(i);
                }
            } catch (RuntimeException e) {
                failure.set(e);
            }
        };
        for (int i = 0; i < helpers; i++) {
            HELPERS.execute(() -> {
                try {
                    work.run();
                } finally {
                    ended.countDown();
                }
            });
        }
        work.run();
        await(ended);
        if (failure.get() != null) {
            throw failure.get();
        }
    }

    /** Spins first: the others mostly end within a strip's time. They work on the caller's memory, so that no interrupt may cut this short. */
    private static void await(CountDownLatch ended) {
        for (int spins = 0; ended.getCount() > 0; spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(PARK_NANOS);
            }
        }
    }
}
