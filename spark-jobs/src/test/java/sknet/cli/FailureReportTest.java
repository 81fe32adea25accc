package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

class FailureReportTest {

    @Test
    void ofAFailedStageTheExecutorsOwnMessageIsShown() {
        SparkException failure = new SparkException("""
            Job aborted due to stage failure: Task 1 in stage 3.0 failed 4 times, most recent failure: Lost task 1.3 in stage 3.0 \
            (TID 9) (127.0.0.1 executor 0): sknet.data.shard.CorruptShardException: Cannot read record 17 of hdfs://a/b: CRC32C is 1
            \tat sknet.data.shard.ShardFile.read(ShardFile.java:10)
            Driver stacktrace:""");
        assertEquals("Cannot read record 17 of hdfs://a/b: CRC32C is 1", FailureReport.message(failure));
    }

    @Test
    void ofAFailedBarrierStageTheFirstCauseIsShown() {
        String frame = "Job aborted due to stage failure: Could not recover from a failed barrier ResultStage. Most recent failure reason:"
            + " Stage failed because barrier task ResultTask(1, 0) finished unsuccessfully.\n";
        assertEquals("executor 1 is lost: Command exited with code 137", FailureReport.message(new SparkException(frame
            + "ExecutorLostFailure (executor 1 exited caused by one of the running tasks) Reason: Command exited with code 137")));
        assertEquals("Cannot all-reduce step 3 on rank 0: rank 1 is lost", FailureReport.message(new SparkException(frame
            + "java.io.UncheckedIOException: Cannot all-reduce step 3 on rank 0: rank 1 is lost\n\tat sknet.train.ReplicaTask.apply(R.java:1)\n"
            + "Caused by: java.io.IOException: rank 1 is lost")));
    }

    @Test
    void aLocalFileThatIsNotThereIsSaidToBe() {
        NoSuchFileException failure = assertThrows(NoSuchFileException.class, () -> Files.writeString(Path.of("file:", "tmp", "page.html"), ""));
        assertEquals("Cannot open file:/tmp/page.html: there is no such file or directory (expected a local path)", FailureReport.message(failure));
    }

    @Test
    void ofAnotherFailureItsMessageIsShown() {
        assertEquals("Cannot reach hdfs://a", FailureReport.message(new IOException("Cannot reach hdfs://a")));
        assertEquals("NullPointerException", FailureReport.message(new NullPointerException()));
        assertEquals("Job 3 cancelled because SparkContext was shut down",
            FailureReport.message(new SparkException("Job 3 cancelled because SparkContext was shut down")));
    }
}
