package sknet.fuzz;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/**
 * Holds a reader to what readers promise of damaged files: an error of a documented kind or a result, soon, and with little memory. The first file
 * of which that is not true fails the test, and is kept in {@code target/fuzz}.
 *
 * @param reader     what is tested, for messages
 * @param documented the kinds of its errors
 * @param mostBytes  that one reading may allocate on the heap: so much, and what {@code mostTimes} says
 * @param mostTimes  the size of the damaged file
 */
public record Fuzzing(String reader, List<Class<? extends Exception>> documented, long mostBytes, int mostTimes) {
    /** How many damaged files each reader gets. */
    public static final String FILES = "sknet.fuzz.files";
    private static final int USUAL_FILES = 3000;
    private static final long HANG_MILLIS = 60_000;
    private static final long LOOK_MILLIS = 50;

    /** A reader under test. */
    @FunctionalInterface
    public interface Reader {
        /**
         * Reads a file.
         *
         * @return what it made of it, if it throws nothing
         * @throws Exception as the reader does
         */
        Finding read(byte[] file) throws Exception;
    }

    /** What a reader made of a file. */
    public enum Finding {
        /** The damage was reported. */
        ERROR,
        /** The result is that of the original: the damage is in bytes that mean nothing. */
        EQUAL,
        /** There is a result, which for a format without checksums may be another one. */
        OTHER
    }

    /** What all files came to. */
    public record Report(int files, int errors, int equal, int others, long mostAllocated, double seconds) {
    }

    /** Where the reading thread is. */
    private static final class Course {
        private volatile int number;
        private volatile long since = System.nanoTime();
        private volatile AssertionError failure;
        private final int[] findings = new int[Finding.values().length];
        private long mostAllocated;
    }

    /**
     * Reads as many damaged files as the property {@value #FILES} says, and prints what they came to.
     *
     * @param file  the damaged file of a number
     * @param under the reader; where {@link Finding#OTHER} is wrong it throws an AssertionError itself
     */
    public Report run(IntFunction<byte[]> file, Reader under) {
        int files = Integer.getInteger(FILES, USUAL_FILES);
        Course course = new Course();
        long start = System.nanoTime();
        Thread thread = new Thread(() -> readAll(files, file, under, course), "fuzzing");
        thread.setDaemon(true);
        thread.start();
        await(thread, course, file);
        if (course.failure != null) {
            throw course.failure;
        }
        Report report = new Report(files, course.findings[0], course.findings[1], course.findings[2], course.mostAllocated,
            (System.nanoTime() - start) / 1e9);
        System.out.printf("fuzzing: %s: %,d files: %,d errors, %,d read as the original, %,d read otherwise; at most %,d bytes of heap for one; %.1f s%n",
            reader, files, report.errors, report.equal, report.others, report.mostAllocated, report.seconds);
        return report;
    }

    private void readAll(int files, IntFunction<byte[]> file, Reader under, Course course) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (int number = 0; number < files; number++) {
            byte[] damaged = file.apply(number);
            course.since = System.nanoTime();
            course.number = number;
            long before = threads.getCurrentThreadAllocatedBytes();
            try {
                Finding finding = read(damaged, under);
                long allocated = threads.getCurrentThreadAllocatedBytes() - before;
                if (allocated > mostBytes + (long) mostTimes * damaged.length) {
                    throw new AssertionError("it allocated " + allocated + " bytes (expected at most " + mostBytes + " and " + mostTimes
                        + " times the file's " + damaged.length + ")");
                }
                course.mostAllocated = Math.max(course.mostAllocated, allocated);
                course.findings[finding.ordinal()]++;
            } catch (Throwable e) {
                course.failure = failure(number, damaged, e.toString(), e);
                return;
            }
        }
    }

    private Finding read(byte[] damaged, Reader under) throws Exception {
        try {
            return under.read(damaged);
        } catch (Exception e) {
            if (documented.stream().noneMatch(kind -> kind.isInstance(e))) {
                throw e;
            }
            if (e.getMessage() == null || e.getMessage().isBlank()) {
                throw new AssertionError("its error says nothing", e);
            }
            return Finding.ERROR;
        }
    }

    private void await(Thread thread, Course course, IntFunction<byte[]> file) {
        try {
            while (thread.isAlive()) {
                thread.join(LOOK_MILLIS);
                int number = course.number;
                long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - course.since);
                if (thread.isAlive() && millis > HANG_MILLIS) {
                    AssertionError hang = failure(number, file.apply(number), "it takes longer than " + HANG_MILLIS / 1000 + " s", null);
                    hang.setStackTrace(thread.getStackTrace());
                    throw hang;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Cannot wait for the reader: interrupted", e);
        }
    }

    private AssertionError failure(int number, byte[] damaged, String what, Throwable cause) {
        String kept;
        try {
            Path path = Files.createDirectories(Path.of("target/fuzz")).resolve(reader.replaceAll("[^A-Za-z0-9]+", "-") + "-" + number);
            Files.write(path, damaged);
            kept = path.toString();
        } catch (IOException e) {
            kept = "not kept: " + e;
        }
        return new AssertionError("The reader of " + reader + " fails at damaged file " + number + " (" + kept + "): " + what + " (expected one of "
            + documented.stream().map(Class::getSimpleName).toList() + ", or a result)", cause);
    }
}
