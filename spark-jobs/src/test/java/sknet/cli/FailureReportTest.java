package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
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
    void ofAnotherFailureItsMessageIsShown() {
        assertEquals("Cannot reach hdfs://a", FailureReport.message(new IOException("Cannot reach hdfs://a")));
        assertEquals("NullPointerException", FailureReport.message(new NullPointerException()));
        assertEquals("Job 3 cancelled because SparkContext was shut down",
            FailureReport.message(new SparkException("Job 3 cancelled because SparkContext was shut down")));
    }
}
