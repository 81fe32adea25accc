package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.data.prepare.Encoding;
import sknet.data.prepare.FolderSource;
import sknet.data.prepare.PrepareOptions.Overwrite;
import sknet.train.JobLabel;
import sknet.train.StopWish;

/** What Spark's REST API, and so its web interface, says of our jobs. */
class JobLabelsTest {

    @Test
    void eachJobSaysWhatItIsAndTrainingTasksHowManyImagesTheyHaveSeen(@TempDir Path directory) throws IOException {
        SparkConf conf = new SparkConf().setMaster("local[2]").setAppName("test").set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.driver.host", "127.0.0.1").set("spark.ui.enabled", "true").set("spark.ui.port", "0");
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            String data = directory.resolve("data").toUri().toString();
            String images = ImageFolder.write(directory.resolve("images"), 50, 12).toUri().toString();
            PrepareArguments.prepare(spark, new Settings.Prepare(20_000, 1, 0), new FolderSource(images), Encoding.ORIGINAL, data, Overwrite.REFUSE);
            String runs = directory.resolve("runs").toUri().toString();
            for (int epochs = 1; epochs <= 2; epochs++) {
                TrainCommand.train(spark, settings(epochs), data, runs, new StopWish());
            }
            EvaluateCommand.evaluate(spark, settings(2), data, runs, EvaluateCommand.Checkpoints.NEWEST, Optional.empty());

            String api = spark.sc().uiWebUrl().get() + "/api/v1/applications/" + spark.sc().applicationId();
            Set<String> labels = new LinkedHashSet<>();
            JsonNode jobs = read(api + "/jobs");
            for (int i = jobs.size() - 1; i >= 0; i--) {
                labels.add(jobs.get(i).path("jobGroup").asText() + ": " + jobs.get(i).path("description").asText());
            }
            String run = "file:" + directory + "/runs/run-1";
            String training = run + ": train sknet-fashion, run 1 of 1 (seed 1)";
            assertEquals(List.of(data + ": prepare " + images, training, training + ", from epoch 1 of 1, step 0 of 6",
                training + ", from epoch 2 of 2, step 6 of 12", run + ": evaluate sknet-fashion after 2 epochs, step 12"), List.copyOf(labels));

            long seen = 0;
            for (JsonNode stage : read(api + "/stages")) {
                seen += stage.get("description").asText().contains(" from epoch ") ? stage.get("inputRecords").asLong() : 0;
            }
            assertEquals(12 * 8, seen);
            assertNull(spark.getLocalProperty("spark.job.description"));
        }
    }

    @Test
    void aLabelIsAgainWhatItWasWhenAnInnerOneIsClosed() {
        SparkConf conf = new SparkConf().setMaster("local[1]").setAppName("test").set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.driver.host", "127.0.0.1").set("spark.ui.enabled", "false");
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            try (JobLabel alone = JobLabel.within(spark, "from step 3")) {
                assertEquals("from step 3", spark.getLocalProperty("spark.job.description"));
            }
            try (JobLabel outer = JobLabel.of(spark, "group", "outer")) {
                try (JobLabel inner = JobLabel.of(spark, "other", "inner")) {
                    assertEquals("other", spark.getLocalProperty("spark.jobGroup.id"));
                }
                assertEquals("group", spark.getLocalProperty("spark.jobGroup.id"));
                assertEquals("outer", spark.getLocalProperty("spark.job.description"));
            }
            assertNull(spark.getLocalProperty("spark.jobGroup.id"));
        }
    }

    private static Settings settings(int epochs) {
        return Settings.load(List.of(), List.of(), List.of("model.name=sknet-fashion", "model.image-size=16", "augmentation.kind=none",
            "batch.micro-batches=2", "batch.micro-batch-size=4", "optimizer.learning-rate=0.05", "train.runs=1", "train.report-every-steps=3",
            "train.executors=2", "train.epochs=" + epochs));
    }

    private static JsonNode read(String url) throws IOException {
        try (var in = URI.create(url).toURL().openStream()) {
            JsonNode node = new ObjectMapper().readTree(in);
            assertTrue(node.isArray(), node::toString);
            return node;
        }
    }
}
