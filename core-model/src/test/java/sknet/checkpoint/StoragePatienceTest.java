package sknet.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import org.apache.hadoop.security.AccessControlException;
import org.junit.jupiter.api.Test;

class StoragePatienceTest {

    private final StoragePatience patience = new StoragePatience(Duration.ofSeconds(1), Duration.ofMillis(1));
    private int attempts;

    @Test
    void anAttemptIsRepeatedUntilItSucceeds() throws IOException {
        assertEquals("written", patience.insist("write", () -> {
            if (++attempts < 5) {
                throw attempts == 1 ? new SocketTimeoutException("no answer") : new IOException("Name node is in safe mode");
            }
            return "written";
        }));
        assertEquals(5, attempts);
    }

    @Test
    void afterItsTimeTheErrorNamesTheFileTheCauseAndTheLimit() {
        IOException cause = new IOException("The DiskSpace quota of /run is exceeded\n\tat the.NameNode(NameNode.java:1)");
        StorageException error = assertThrows(StorageException.class, () -> patience.insist("write checkpoint hdfs://n/step-1.zip", () -> {
            attempts++;
            throw cause;
        }));
        assertEquals("Cannot write checkpoint hdfs://n/step-1.zip: The DiskSpace quota of /run is exceeded"
            + " (expected success within 1 s, train.storage-timeout)", error.getMessage());
        assertSame(cause, error.getCause());
        assertTrue(attempts > 3 && attempts < 50, attempts + " attempts with growing pauses");
    }

    @Test
    void whatTimeDoesNotMendIsNotTriedAgain() {
        for (IOException cause : List.of(new FileNotFoundException("/a"), new DamagedCheckpointException("half a file", null),
            new AccessControlException("Permission denied"))) {
            attempts = 0;
            IOException error = assertThrows(IOException.class, () -> patience.insist("read /a", () -> {
                attempts++;
                throw cause;
            }));
            assertEquals(1, attempts, cause.toString());
            assertTrue(error == cause || error.getCause() == cause, error.toString());
        }
    }

    @Test
    void withoutPatienceTheFirstAnswerCounts() {
        assertEquals("Cannot read /a: Connection refused", assertThrows(StorageException.class, () -> StoragePatience.NONE.insist("read /a", () -> {
            throw new IOException("Connection refused; For more details see:  http://wiki.apache.org/hadoop/ConnectionRefused");
        })).getMessage());
    }

    @Test
    void whoIsInterruptedEndsAtOnce() {
        StoragePatience untiring = new StoragePatience(Duration.ofMinutes(5), Duration.ofMinutes(1));
        Thread.currentThread().interrupt();
        assertThrows(IOException.class, () -> untiring.insist("write /a", () -> {
            throw new IOException("Connection refused");
        }));
        assertTrue(Thread.interrupted(), "the thread still knows");
        Thread waiting = Thread.currentThread();
        InterruptedIOException error = assertThrows(InterruptedIOException.class, () -> untiring.insist("write /a", () -> {
            new Thread(() -> interruptOnceItWaits(waiting)).start();
            throw new IOException("Connection refused");
        }));
        assertTrue(Thread.interrupted(), "the thread still knows");
        assertEquals("interrupted while the file system was failing: Connection refused", error.getMessage());
    }

    private static void interruptOnceItWaits(Thread thread) {
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        thread.interrupt();
    }
}
