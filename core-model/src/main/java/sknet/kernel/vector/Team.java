package sknet.kernel.vector;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntConsumer;

/**
 * The threads that share the calling thread's work. Kernels call it hundreds of times a step: a helper that has just worked looks out for more for a
 * while before it sleeps, for waking it takes as long as a small kernel.
 */
final class Team {
    private static final ThreadLocal<Team> OF_THREAD = ThreadLocal.withInitial(() -> new Team(1));

    /** About 40 microseconds. */
    private static final int SPINS = 2_000;
    private static final long PARK_NANOS = 20_000;
    private static final long LONGEST_SLEEP_NANOS = 1_000_000_000;
    private static final Job END = new Job(0, part -> {});

    private final Thread owner = Thread.currentThread();
    private final List<Helper> helpers = new ArrayList<>();
    private volatile Job job;

    private Team(int threads) {
        for (int i = 1; i < threads; i++) {
            Helper helper = new Helper();
            helpers.add(helper);
            helper.start();
        }
    }

    /** From now on the calling thread works with {@code threads - 1} others. */
    static void use(int threads) {
        OF_THREAD.get().give(END);
        OF_THREAD.set(new Team(threads));
    }

    /** Does every part once, in no order, and returns when all are done. */
    static void run(int parts, IntConsumer part) {
        Team team = OF_THREAD.get();
        if (team.helpers.isEmpty() || parts < 2) {
            for (int i = 0; i < parts; i++) {
                part.accept(i);
            }
            return;
        }
        Job job = new Job(parts, part);
        team.give(job);
        job.work();
        job.await();
    }

    private void give(Job newJob) {
        job = newJob;
        helpers.forEach(Helper::wake);
    }

    /** Parts for whoever takes them. */
    private static final class Job {
        private final int parts;
        private final IntConsumer part;
        private final AtomicInteger next = new AtomicInteger();
        private final AtomicInteger done = new AtomicInteger();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();

        Job(int parts, IntConsumer part) {
            this.parts = parts;
            this.part = part;
        }

        void work() {
            for (int i = next.getAndIncrement(); i < parts; i = next.getAndIncrement()) {
                try {
                    part.accept(i);
                } catch (Throwable e) {
                    failure.set(e);
                }
                done.incrementAndGet();
            }
        }

        /** Waits for the parts of others. They work on the caller's memory, so that no interrupt may cut this short. */
        void await() {
            for (int spins = 0; done.get() < parts; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.parkNanos(PARK_NANOS);
                }
            }
            if (failure.get() instanceof Error error) {
                throw error;
            }
            if (failure.get() instanceof RuntimeException exception) {
                throw exception;
            }
        }
    }

    /** Ends with its team, or with the team's owner. */
    private final class Helper extends Thread {
        private volatile boolean sleeping;

        Helper() {
            super("kernel-helper");
            setDaemon(true);
        }

        void wake() {
            if (sleeping) {
                LockSupport.unpark(this);
            }
        }

        @Override
        public void run() {
            Job last = null;
            while (last != END) {
                Job present = next(last);
                if (present == last) {
                    return;
                }
                present.work();
                last = present;
            }
        }

        /** The job after the last; the last where there will be none. */
        private Job next(Job last) {
            for (int spins = 0; spins < SPINS; spins++) {
                if (job != last) {
                    return job;
                }
                Thread.onSpinWait();
            }
            sleeping = true;
            while (job == last && owner.isAlive()) {
                LockSupport.parkNanos(LONGEST_SLEEP_NANOS);
            }
            sleeping = false;
            return job;
        }
    }
}
