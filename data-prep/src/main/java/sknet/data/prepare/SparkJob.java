package sknet.data.prepare;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaFutureAction;
import org.apache.spark.api.java.JavaRDD;

/** A job that is waited for. */
final class SparkJob {
    private static final long POLL_MILLIS = 200;

    private SparkJob() {
    }

    /**
     * Runs it.
     *
     * @param poll called now and then on this thread
     * @throws IOException if a task failed for good; the message is that of the task's own exception, in one line
     */
    static <T> List<T> run(JavaRDD<T> work, Runnable poll) throws IOException {
        JavaFutureAction<List<T>> job = work.collectAsync();
        try {
            while (true) {
                poll.run();
                try {
                    return job.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
                } catch (TimeoutException stillRunning) {
                    // The next round tells how far it has come.
                }
            }
        } catch (ExecutionException e) {
            Throwable sparks = e.getCause();
            // Spark's own message carries the stack of the task; its cause is what went wrong there.
            throw new IOException(firstLine(sparks.getCause() == null ? sparks : sparks.getCause()), sparks);
        } catch (InterruptedException e) {
            job.cancel(true);
            Thread.currentThread().interrupt();
            throw new PrepareException("Cannot go on: interrupted", e);
        }
    }

    static String firstLine(Throwable failure) {
        String message = failure.getMessage();
        return message == null || message.isBlank()
                ? failure.getClass().getSimpleName()
                : message.lines().findFirst().orElseThrow();
    }
}
