package sknet.data.prepare;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.api.java.JavaSparkContext;

/** Tasks of jobs that have failed: Spark tells them to end but does not wait, and they write into the test's folder meanwhile. */
final class RunningTasks {

    private RunningTasks() {
    }

    /** Waits until no executor runs any. */
    static void awaitEnd(JavaSparkContext spark) {
        try {
            // What Spark knows of its tasks it learns from the events of this queue.
            spark.sc().listenerBus().waitUntilEmpty(TimeUnit.SECONDS.toMillis(60));
        } catch (TimeoutException e) {
            throw new IllegalStateException("Waited 60 s for Spark's events", e);
        }
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (Arrays.stream(spark.sc().statusTracker().getExecutorInfos()).anyMatch(executor -> executor.numRunningTasks() > 0)) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("Waited 60 s for the tasks of failed jobs");
            }
            try {
                TimeUnit.MILLISECONDS.sleep(20);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("Interrupted while waiting for the tasks of failed jobs", e);
            }
        }
    }
}
