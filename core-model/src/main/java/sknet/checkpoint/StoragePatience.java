package sknet.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import org.apache.hadoop.security.AccessControlException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries again what a file system refuses for a while, with growing pauses: a NameNode that restarts or is in safe mode is no reason to lose
 * work. What time does not mend (a missing file, a damaged one, a lacking permission) is not tried again.
 */
public final class StoragePatience {

    /** Tries once. */
    public static final StoragePatience NONE = new StoragePatience(Duration.ZERO, Duration.ZERO);

    private static final Logger LOG = LoggerFactory.getLogger(StoragePatience.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private final Duration limit;
    private final Duration firstPause;

    /** @param limit how long after its first failure an attempt may still be repeated */
    public StoragePatience(Duration limit) {
        this(limit, FIRST_PAUSE);
    }

    StoragePatience(Duration limit, Duration firstPause) {
        this.limit = limit;
        this.firstPause = firstPause;
    }

    /** Something that a file system is asked to do; may be asked again after a failure, from its beginning. */
    @FunctionalInterface
    public interface Attempt<T> {
        T run() throws IOException;
    }

    /**
     * Returns what the first successful attempt does.
     *
     * @param task for messages: what follows "Cannot", with the file's name
     * @throws StorageException when the last attempt within the time fails
     */
    public <T> T insist(String task, Attempt<T> attempt) throws IOException {
        long deadline = 0;
        for (int failures = 0;; failures++) {
            try {
                return attempt.run();
            } catch (FileNotFoundException | DamagedCheckpointException e) {
                throw e;
            } catch (IOException e) {
                if (isInterruption(e)) {
                    throw e;
                }
                long now = System.nanoTime();
                // A server that is down keeps its client waiting: the time of the first attempt is not the user's to configure.
                deadline = failures == 0 ? now + limit.toNanos() : deadline;
                long left = deadline - now;
                if (left <= 0 || e instanceof AccessControlException) {
                    throw new StorageException("Cannot " + task + ": " + reason(e)
                        + (limit.isZero() ? "" : " (expected success within " + limit.toSeconds() + " s, train.storage-timeout)"), e);
                }
                LOG.warn("Cannot {}: {}; trying again for {} s", task, reason(e), left / 1_000_000_000);
                sleep(Math.min(left, pause(failures).toNanos()), e);
            }
        }
    }

    private Duration pause(int failures) {
        Duration doubled = firstPause.multipliedBy(1L << Math.min(failures, 10));
        return doubled.compareTo(LONGEST_PAUSE) < 0 ? doubled : LONGEST_PAUSE;
    }

    /** Whoever stops a task wants it to end. Java counts a socket's time-out among the interruptions, too. */
    private static boolean isInterruption(IOException failure) {
        return Thread.currentThread().isInterrupted() || failure instanceof ClosedByInterruptException
            || failure instanceof InterruptedIOException && !(failure instanceof SocketTimeoutException);
    }

    private static void sleep(long nanos, IOException cause) throws IOException {
        try {
            Thread.sleep(nanos / 1_000_000, (int) (nanos % 1_000_000));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            InterruptedIOException stop = new InterruptedIOException("interrupted while the file system was failing: " + reason(cause));
            stop.addSuppressed(cause);
            throw stop;
        }
    }

    /** The first line of the message: HDFS appends the server's stack trace, and Hadoop's client a link to its wiki. */
    public static String reason(Throwable failure) {
        String message = failure.getMessage() == null ? "" : failure.getMessage().lines().findFirst().orElse("");
        return message.isEmpty() ? failure.getClass().getSimpleName() : message.replaceFirst(";? For more details see: .*", "");
    }
}
