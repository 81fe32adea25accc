package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.SparkConf;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import sknet.train.JobLabel;

class ImagesSeenTest {

    @Test
    void theImagesOfTheGroupsJobsAreCountedWhileTheirTasksRun() throws Exception {
        SparkConf conf = new SparkConf().setMaster("local[2]").setAppName("test").set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.driver.host", "127.0.0.1").set("spark.ui.enabled", "false").set("spark.executor.heartbeatInterval", "2s");
        List<Long> told = new CopyOnWriteArrayList<>();
        try (JavaSparkContext spark = new JavaSparkContext(conf); ImagesSeen seen = ImagesSeen.of(spark, "run-1", told::add)) {
            try (JobLabel label = JobLabel.of(spark, "run-2", "another run")) {
                look(spark, 1);
            }
            try (JobLabel label = JobLabel.of(spark, "run-1", "first")) {
                look(spark, 40);
            }
            try (JobLabel label = JobLabel.of(spark, "run-1", "second")) {
                look(spark, 1);
            }
        }
        assertEquals(2 * 10 * 40 + 2 * 10, told.get(told.size() - 1), told::toString);
        assertTrue(told.stream().anyMatch(count -> count < 2 * 10 * 40), () -> "heartbeats tell of running tasks: " + told);
        assertEquals(told.stream().sorted().toList(), List.copyOf(told));
    }

    /** Two tasks that see so many batches of 10 images. */
    private static void look(JavaSparkContext spark, int batches) {
        spark.parallelize(List.of(0, 1), 2).foreach(task -> {
            for (int batch = 0; batch < batches; batch++) {
                Thread.sleep(100);
                TaskContext.get().taskMetrics().inputMetrics().incRecordsRead(10);
            }
        });
    }
}
