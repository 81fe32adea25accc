package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.checkpoint.Retention;
import sknet.data.prepare.Encoding;
import sknet.data.prepare.FolderSource;
import sknet.data.prepare.PrepareOptions.Overwrite;
import sknet.data.shard.DatasetManifest;
import sknet.train.RunPolicy;
import sknet.train.StepMetrics;
import sknet.train.StopWish;
import sknet.train.SynchronousTrainingMaster;
import sknet.train.TrainingObserver;
import sknet.train.TrainingPlan;

/** A run as Prometheus sees it, by the servlet that conf/spark/metrics.properties switches on. */
class ScrapedTrainingTest {

    private static final String PREFIX = "metrics_spark_driver_sknet_";

    /** Scrapes whenever a step is reported. */
    private static final class Scraper implements TrainingObserver {
        private final URI page;
        private final Map<StepMetrics, Map<String, Double>> scraped = new LinkedHashMap<>();

        Scraper(URI page) {
            this.page = page;
        }

        @Override
        public void started(long step, long totalSteps, Resumed resumed) {
        }

        @Override
        public void stepped(StepMetrics metrics) {
            scraped.put(metrics, scrape());
        }

        /** The values of our metrics by their names, without what is common to them. */
        Map<String, Double> scrape() {
            try (var in = page.toURL().openStream()) {
                Map<String, Double> values = new TreeMap<>();
                new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> line.startsWith(PREFIX)).forEach(line ->
                    values.put(line.substring(PREFIX.length(), line.indexOf('{')), Double.valueOf(line.substring(line.lastIndexOf(' ') + 1))));
                return values;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Test
    void prometheusSeesARunWhileItLasts(@TempDir Path directory) throws IOException {
        SparkConf conf = new SparkConf().setMaster("local[2]").setAppName("test").set("spark.driver.bindAddress", "127.0.0.1")
            .set("spark.driver.host", "127.0.0.1").set("spark.ui.enabled", "true").set("spark.ui.port", "0")
            .set("spark.metrics.conf", Path.of("../conf/spark/metrics.properties").toAbsolutePath().toString())
            .set("spark.metrics.namespace", "spark");
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            Scraper scraper = new Scraper(URI.create(spark.sc().uiWebUrl().get() + "/metrics/prometheus/"));
            train(spark, directory, scraper);
            assertEquals(List.of(3L, 6L), scraper.scraped.keySet().stream().map(StepMetrics::step).toList());
            scraper.scraped.forEach((metrics, seen) -> {
                assertEquals(metrics.step(), seen.get("step_Value"));
                assertEquals(6, seen.get("totalSteps_Value"));
                assertEquals(metrics.epoch(), seen.get("epoch_Value"));
                assertEquals(metrics.loss(), seen.get("loss_Value"));
                assertEquals(0.05, seen.get("learningRate_Value"));
                assertEquals(metrics.imagesPerSecond(), seen.get("imagesPerSecond_Value"));
                assertEquals(metrics.dataShare(), seen.get("dataShare_Value"));
                assertEquals(metrics.syncShare(), seen.get("syncShare_Value"));
                assertEquals(metrics.exchangeShare(), seen.get("exchangeShare_Value"));
                assertEquals(0, seen.get("corruptRecords_Count"));
                assertEquals(0, seen.get("restarts_Count"));
            });
            assertEquals(Map.of(), scraper.scrape(), "the run is over");
        }
    }

    private static void train(JavaSparkContext spark, Path directory, TrainingObserver observer) throws IOException {
        String data = directory.resolve("data").toUri().toString();
        String images = ImageFolder.write(directory.resolve("images"), 48, 3).toUri().toString();
        DatasetManifest manifest = PrepareArguments.prepare(spark, new Settings.Prepare(20_000, 1, 0), new FolderSource(images), Encoding.ORIGINAL, data,
            Overwrite.REFUSE);
        Settings settings = Settings.load(List.of(), List.of(), List.of("model.name=sknet-fashion", "model.image-size=16", "augmentation.kind=none",
            "batch.micro-batches=2", "batch.micro-batch-size=4", "optimizer.learning-rate=0.05", "train.epochs=1", "train.report-every-steps=3"));
        FileSystem local = FileSystem.get(URI.create(data), new Configuration());
        TrainingPlan plan = new TrainingJob(settings, local.makeQualified(new org.apache.hadoop.fs.Path(data)), manifest).plan(
            new org.apache.hadoop.fs.Path(directory.resolve("run-1").toUri()), 1);
        RunPolicy policy = new RunPolicy(0, new Retention(0), OptionalLong::empty, new StopWish());
        SynchronousTrainingMaster.fit(spark, Networks.build(settings, manifest, plan), new SynchronousTrainingMaster(plan, 2, policy, observer));
    }
}
