package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.Position;
import sknet.cli.EvaluateCommand.Checkpoints;
import sknet.data.image.BatchReader;
import sknet.data.image.ResizeCentreCrop;
import sknet.data.prepare.Encoding;
import sknet.data.prepare.FolderSource;
import sknet.data.prepare.PrepareOptions.Overwrite;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.ShardedSplit;
import sknet.evaluate.CropResult;
import sknet.evaluate.Details;
import sknet.evaluate.EvaluationResult;
import sknet.evaluate.Tally;
import sknet.train.TrainingPlan;

/** The evaluation of networks that have learnt nothing, on a local Spark that runs a task up to three times. */
class EvaluationJobTest {

    private static final int VALIDATION_IMAGES = 50;
    private static final long STEP = 7;

    @TempDir
    private static Path shared;
    private static JavaSparkContext spark;
    private static FileSystem local;
    private static DatasetManifest manifest;
    private static String data;

    @BeforeAll
    static void prepare() throws IOException {
        spark = new JavaSparkContext(new SparkConf().setMaster("local[5,3]").setAppName("test").set("spark.ui.enabled", "false")
            .set("spark.driver.bindAddress", "127.0.0.1").set("spark.driver.host", "127.0.0.1"));
        spark.hadoopConfiguration().set("fs." + FailingOnceFileSystem.SCHEME + ".impl", FailingOnceFileSystem.class.getName());
        local = FileSystem.getLocal(new Configuration());
        Path images = ImageFolder.write(shared.resolve("images"), 16, VALIDATION_IMAGES);
        data = shared.resolve("data").toUri().toString();
        manifest = PrepareArguments.prepare(spark, new Settings.Prepare(20_000, 1, 0), new FolderSource(images.toUri().toString()),
            Encoding.ORIGINAL, data, Overwrite.REFUSE);
        assertTrue(manifest.split(DatasetManifest.VAL).shards().size() > 1);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    @Test
    void aTaskThatFailedIsTriedAgainAndNothingIsCountedTwice(@TempDir Path directory) throws IOException {
        checkpoint(directory, 1, 1);
        evaluate(data, directory, "train.executors=1", "train.cache-bytes=0");
        EvaluationResult undisturbed = result(directory);
        FailingOnceFileSystem.OPENED.set(0);
        evaluate(FailingOnceFileSystem.SCHEME + "://" + shared.resolve("data"), directory, "train.executors=1", "train.cache-bytes=0");
        assertTrue(FailingOnceFileSystem.OPENED.get() > 1, "it has failed, and was opened again");
        assertEquals(undisturbed.crops(), result(directory).crops());
    }

    @Test
    void severalCropsInOnePassGiveTheSameBytesAndTablesForAnyNumberOfExecutors(@TempDir Path directory) throws IOException {
        checkpoint(directory, STEP, 1);
        List<List<Object>> outcomes = new ArrayList<>();
        for (int executors : new int[] {1, 2, 5}) {
            evaluation(Details.PREDICTIONS, "evaluate.crop-sizes=[16, 24]", "train.executors=" + executors, "data.threads=" + executors)
                .evaluateRun(run(directory), Checkpoints.NEWEST);
            assertEquals(List.of("step-0000000007", "step-0000000007.json"), names(directory.resolve("run-1/evaluation")));
            outcomes.add(List.of(Files.readString(directory.resolve("run-1/evaluation/step-0000000007.json")), rows(directory, "confusion"),
                rows(directory, "classes"), rows(directory, "predictions")));
        }
        assertEquals(outcomes.get(0), outcomes.get(1));
        assertEquals(outcomes.get(0), outcomes.get(2));
        EvaluationResult both = result(directory);
        both.crops().forEach(crop -> assertTablesAddUpTo(crop, directory));
        assertNotEquals(both.crops().get(0).tally(), both.crops().get(1).tally());

        evaluate(data, directory, "evaluate.crop-sizes=[24]");
        assertEquals(List.of(both.crops().get(1)), result(directory).crops());
        evaluate(data, directory);
        assertEquals(List.of(both.crops().get(0)), result(directory).crops(), "by default the size it was trained with");
        assertEquals(List.of("step-0000000007.json"), names(directory.resolve("run-1/evaluation")), "tables of another evaluation do not stay");
    }

    private static void assertTablesAddUpTo(CropResult crop, Path directory) {
        Tally tally = crop.tally();
        assertEquals(VALIDATION_IMAGES, tally.images());
        List<Row> confusion = of(crop, rows(directory, "confusion"));
        assertEquals(VALIDATION_IMAGES, sum(confusion, "images"));
        assertEquals(tally.top1Errors(), sum(confusion.stream().filter(row -> row.getInt(1) != row.getInt(2)).toList(), "images"));
        List<Row> classes = of(crop, rows(directory, "classes"));
        assertEquals(List.of("class-0", "class-1", "class-2"), classes.stream().map(row -> row.getString(2)).toList());
        assertEquals(VALIDATION_IMAGES, sum(classes, "images"));
        assertEquals(tally.top1Errors(), sum(classes, "top1_errors"));
        List<Row> predictions = of(crop, rows(directory, "predictions"));
        assertEquals(IntStream.range(0, VALIDATION_IMAGES).boxed().toList(), predictions.stream().map(row -> row.getInt(1)).toList());
        assertEquals(tally.top1Errors(), predictions.stream().filter(row -> row.getInt(3) != row.<Integer>getList(4).get(0)).count());
        for (Row row : predictions) {
            assertTrue(row.getString(2).startsWith("val/class-" + row.getInt(3) + "/"), row::toString);
            assertEquals(1, row.<Float>getList(5).stream().mapToDouble(Float::doubleValue).sum(), 1e-6);
        }
    }

    @Test
    void aSingleCheckpointsResultGoesWhereTheUserSays(@TempDir Path directory) throws IOException {
        checkpoint(directory, STEP, 1);
        org.apache.hadoop.fs.Path path = Training.checkpoints(local, run(directory)).list().get(0);
        org.apache.hadoop.fs.Path target = new org.apache.hadoop.fs.Path(output(directory), "kept");
        EvaluationResult kept = evaluation(Details.CLASSES).evaluateInto(target, path, CheckpointStore.read(local, path));
        assertEquals(List.of(kept), EvaluationResult.readAll(local, target));
        assertEquals(List.of("classes", "confusion"), names(directory.resolve("kept/evaluation/step-0000000007")));
        assertEquals(kept, evaluation(Details.NONE).evaluate(path));
    }

    @Test
    @Timeout(120)
    void aWatchEvaluatesWhatIsWrittenLaterAndEndsWithTheTraining(@TempDir Path directory) throws Exception {
        Path training = directory.resolve("later");
        CompletableFuture<Void> watch = watch(training, "evaluate.poll-interval=20 ms");
        checkpoint(training, 0, 0);
        checkpoint(training, 2, 1);
        awaitResults(training, watch, 1);
        Files.writeString(training.resolve("run-1/checkpoints/.step-0000000003.zip.x.tmp"), "half written");
        Files.writeString(training.resolve("run-1/checkpoints/step-0000000004.zip"), "damaged");
        checkpoint(training, 6, 2);
        watch.get();
        assertEquals(List.of(2L, 6L), steps(training));
        assertTrue(Files.readString(training.resolve("evaluation.json")).contains("\"step\" : 6"));
    }

    @Test
    @Timeout(120)
    void aWatchEndsWhenNothingIsNewOrItIsToldTo(@TempDir Path directory) throws Exception {
        checkpoint(directory, 2, 1);
        watch(directory, "evaluate.poll-interval=20 ms", "evaluate.idle-timeout=200 ms").get();
        assertEquals(List.of(2L), steps(directory));
        Files.delete(directory.resolve("run-1/evaluation/step-0000000002.json"));
        StopSignal stop = StopSignal.listen(spark::cancelAllJobs);
        CompletableFuture<Void> told = watch(directory, stop);
        awaitResults(directory, told, 1);
        stop.stop();
        told.get();
        assertEquals(List.of(2L), steps(directory));
    }

    private static CompletableFuture<Void> watch(Path training, String... overrides) {
        return watch(training, StopSignal.listen(spark::cancelAllJobs), overrides);
    }

    private static CompletableFuture<Void> watch(Path training, StopSignal stop, String... overrides) {
        return CompletableFuture.runAsync(() -> {
            try (stop) {
                new CheckpointWatch(spark, evaluation(Details.NONE, overrides), settings(overrides), local,
                    new org.apache.hadoop.fs.Path(output(training))).run(stop);
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static void awaitResults(Path training, CompletableFuture<Void> watch, int number) throws Exception {
        while (steps(training).size() < number) {
            assertFalse(watch.isDone(), "it has ended");
            Thread.sleep(20);
        }
    }

    private static Evaluation evaluation(Details details, String... overrides) {
        return new Evaluation(spark, settings(overrides), data, local, Optional.empty(), details);
    }

    /** A table in the order of its first columns, which name a row. */
    private static List<Row> rows(Path directory, String table) {
        return SparkSession.builder().getOrCreate().read()
            .parquet(EvaluationResult.details(run(directory), STEP) + "/" + table).collectAsList().stream()
            .sorted(Comparator.<Row>comparingInt(row -> row.getInt(0)).thenComparingInt(row -> row.getInt(1))
                .thenComparing(row -> row.get(2).toString())).toList();
    }

    private static List<Row> of(CropResult crop, List<Row> rows) {
        return rows.stream().filter(row -> row.getInt(0) == crop.cropSize()).toList();
    }

    private static int sum(List<Row> rows, String column) {
        return rows.stream().mapToInt(row -> row.getInt(row.fieldIndex(column))).sum();
    }

    /** Of the files in a directory, but those with checksums. */
    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> !name.endsWith(".crc")).sorted().toList();
        }
    }

    private static List<Long> steps(Path training) throws IOException {
        return EvaluationResult.readAll(local, run(training)).stream().map(EvaluationResult::step).toList();
    }

    private static void evaluate(String data, Path directory, String... overrides) throws IOException {
        EvaluateCommand.evaluate(spark, settings(overrides), data, output(directory), Checkpoints.NEWEST, Optional.empty());
    }

    /** Of the newest checkpoint. */
    private static EvaluationResult result(Path directory) throws IOException {
        List<EvaluationResult> results = EvaluationResult.readAll(local, run(directory));
        return results.get(results.size() - 1);
    }

    /** Writes the checkpoint of a step, after so many epochs, of a network with weights of its own. */
    private static void checkpoint(Path directory, long step, int epoch) throws IOException {
        Settings settings = settings();
        TrainingPlan plan = new TrainingJob(settings, new org.apache.hadoop.fs.Path(data), manifest).plan(run(directory), step);
        ComputationGraph network = Networks.build(settings, manifest, plan);
        centre(network);
        Training.checkpoints(local, run(directory)).write(network, new Position(epoch, 0, step), plan.provenance());
    }

    /** Takes the mean of the answers to the validation images off the classifier's bias: without that each answer is the same class. */
    private static void centre(ComputationGraph network) throws IOException {
        INDArray images = Nd4j.createUninitialized(DataType.FLOAT, VALIDATION_IMAGES, 3, 16, 16);
        try (ShardedSplit split = ShardedSplit.open(new Configuration(), new org.apache.hadoop.fs.Path(data), DatasetManifest.VAL, 0)) {
            new BatchReader(split, new ResizeCentreCrop(16, 16), manifest.mean(), 0).read(IntStream.range(0, VALIDATION_IMAGES).toArray(), 0,
                images.data().pointer().asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer(), new int[VALIDATION_IMAGES]);
        }
        network.getOutputLayer(0).getParam("b").subi(network.output(false, images)[0].mean(0));
    }

    private static Settings settings(String... overrides) {
        List<String> all = new ArrayList<>(List.of("model.name=sknet-fashion", "model.image-size=16", "augmentation.kind=pad-crop",
            "batch.micro-batches=1", "batch.micro-batch-size=4", "train.runs=1", "train.epochs=2", "evaluate.batch-size=8"));
        all.addAll(List.of(overrides));
        return Settings.load(List.of(), List.of(), all);
    }

    private static String output(Path directory) {
        return directory.toUri().toString();
    }

    private static org.apache.hadoop.fs.Path run(Path directory) {
        return Training.runDirectory(new org.apache.hadoop.fs.Path(output(directory)), 1);
    }
}
