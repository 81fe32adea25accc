package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.Position;
import sknet.checkpoint.WeightKind;
import sknet.data.prepare.Encoding;
import sknet.data.prepare.FolderSource;
import sknet.data.prepare.PrepareOptions.Overwrite;
import sknet.data.shard.DatasetManifest;
import sknet.evaluate.Details;
import sknet.evaluate.EvaluationResult;
import sknet.tensorboard.EventFileReader;
import sknet.train.History;
import sknet.train.RunEvent;
import sknet.train.RunEvent.Kind;
import sknet.train.RunEvents;
import sknet.train.StepMetrics;
import sknet.train.StopWish;

/** The jobs on a local Spark whose tasks are threads; the integration tests run them on executors of their own. */
class TrainAndEvaluateTest {

    private static final int TRAINING_IMAGES = 100;
    private static final int VALIDATION_IMAGES = 50;
    private static final String[] OPTIONS = {"optimizer.warm-up-epochs=0.5", "optimizer.schedule=cosine", "optimizer.clip-norm=0.5",
        "optimizer.ema-decay=0.8", "train.checkpoint-every-steps=3"};

    @TempDir
    private static Path shared;
    private static JavaSparkContext spark;
    private static String data;

    @BeforeAll
    static void prepare() throws IOException {
        spark = new JavaSparkContext(new SparkConf().setMaster("local[4]").setAppName("test").set("spark.ui.enabled", "false")
            .set("spark.driver.bindAddress", "127.0.0.1").set("spark.driver.host", "127.0.0.1"));
        Path images = ImageFolder.write(shared.resolve("images"), TRAINING_IMAGES, VALIDATION_IMAGES);
        data = shared.resolve("data").toUri().toString();
        DatasetManifest manifest = PrepareArguments.prepare(spark, new Settings.Prepare(20_000, 1, 0), new FolderSource(images.toUri().toString()),
            Encoding.ORIGINAL, data,
            Overwrite.REFUSE);
        assertTrue(manifest.split(DatasetManifest.TRAIN).shards().size() > 1);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    @Test
    void severalExecutorsGiveTheBitsOfOneThatAccumulatesTheSameMicroBatches(@TempDir Path directory) throws IOException {
        Checkpoint single = train(directory.resolve("1"), "train.executors=1");
        assertEquals(new Position(2, 0, 12), single.info().position());
        for (int executors : new int[] {2, 4}) {
            Checkpoint several = train(directory.resolve(executors + ""), "train.executors=" + executors);
            assertSameBits(single, several);
        }
        assertFalse(Arrays.equals(single.parameters().toFloatVector(),
            train(directory.resolve("seed"), "train.executors=4", "train.seed=2").parameters().toFloatVector()), "another seed");
    }

    @Test
    void aRunThatGoesOnFromAnyCheckpointEndsWithTheSameBits(@TempDir Path directory) throws IOException {
        String[] settings = {"train.executors=2", "train.checkpoint-every-steps=2"};
        Checkpoint whole = train(directory, settings);
        List<StepMetrics> wholeHistory = history(directory);
        List<Long> wholeEvents = EventFileReader.trainingSteps(local(), run(directory));
        CheckpointStore store = checkpoints(directory);
        List<org.apache.hadoop.fs.Path> paths = store.list();
        assertEquals(List.of("step-0000000000.zip", "step-0000000002.zip", "step-0000000004.zip", "step-0000000006.zip",
            "step-0000000008.zip", "step-0000000010.zip", "step-0000000012.zip"), paths.stream().map(path -> path.getName()).toList());
        for (int kept : new int[] {6, 5, 3, 2}) {
            for (org.apache.hadoop.fs.Path path : paths.subList(kept, paths.size())) {
                Files.deleteIfExists(Path.of(path.toUri().getPath()));
            }
            assertSameBits(whole, train(directory, settings));
            assertEquals(losses(wholeHistory), losses(history(directory)));
            assertEquals(wholeEvents, EventFileReader.trainingSteps(local(), run(directory)));
        }
    }

    @Test
    void withAllOptionsOfTheOptimiserTooTheBitsAreThoseOfOneExecutorAndOfARunThatWasNotStopped(@TempDir Path directory) throws IOException {
        Checkpoint single = train(directory.resolve("1"), with("train.executors=1", OPTIONS));
        assertTrue(single.averages().isPresent());
        assertFalse(Arrays.equals(single.parameters().toFloatVector(), train(directory.resolve("plain"), "train.executors=1").parameters()
            .toFloatVector()));
        String[] settings = with("train.executors=2", OPTIONS);
        assertSameBits(single, train(directory.resolve("2"), settings));
        for (long kept : new long[] {9, 0}) {
            deleteAfter(directory.resolve("2"), kept);
            assertSameBits(single, train(directory.resolve("2"), settings));
        }
    }

    @Test
    void aRunThatIsToldToStopWritesACheckpointAndGoesOnToTheSameBits(@TempDir Path directory) throws Exception {
        StopWish stop = new StopWish();
        CompletableFuture<Void> run = CompletableFuture.runAsync(() -> {
            try {
                TrainCommand.train(spark, settings("train.executors=2", "train.epochs=10000"), data, output(directory.resolve("stopped")), stop);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        CheckpointStore store = checkpoints(directory.resolve("stopped"));
        while (store.list().size() < 3 && !run.isDone()) {
            Thread.sleep(10);
        }
        stop.tell();
        run.get(1, TimeUnit.MINUTES);
        Checkpoint stopped = store.newest().orElseThrow();
        Position position = stopped.info().position();
        assertTrue(position.epoch() < 1000, "it was not trained to its end");
        List<RunEvent> events = new RunEvents(local(), run(directory.resolve("stopped"))).read();
        assertEquals(Kind.STOPPED, events.get(events.size() - 1).kind());
        assertEquals(position.step(), events.get(events.size() - 1).step());
        String epochs = "train.epochs=" + (position.epoch() + 1);
        assertSameBits(train(directory.resolve("whole"), "train.executors=2", epochs), train(directory.resolve("stopped"), "train.executors=2", epochs));
        assertEquals(losses(history(directory.resolve("whole"))), losses(history(directory.resolve("stopped"))));
    }

    @Test
    void inWindowsTheBitsAreThoseOfOneExecutorAndOfARunThatWasNotStopped(@TempDir Path directory) throws IOException {
        // Of 6 steps an epoch, windows of 4; a checkpoint in the middle of each.
        String[] settings = {"data.shuffle-window=64", "train.checkpoint-every-steps=1", "data.threads=3"};
        Checkpoint single = train(directory.resolve("1"), with("train.executors=1", settings));
        assertEquals(new Position(2, 0, 12), single.info().position());
        assertEquals("windows of 64", single.info().provenance().get("dataset.order"));
        assertFalse(Arrays.equals(single.parameters().toFloatVector(),
            train(directory.resolve("whole"), "train.executors=1").parameters().toFloatVector()), "it is another order");
        assertSameBits(single, train(directory.resolve("4"), with("train.executors=4", settings)));
        Path two = directory.resolve("2");
        assertSameBits(single, train(two, with("train.executors=2", settings)));
        for (long kept : new long[] {11, 8, 5}) {
            deleteAfter(two, kept);
            assertSameBits(single, train(two, with("train.executors=2", settings)));
        }
        deleteAfter(two, 2);
        assertSameBits(single, train(two, with("train.executors=4", settings)));
        String message = assertThrows(IllegalArgumentException.class, () -> train(directory.resolve("1"), "train.executors=1")).getMessage();
        assertTrue(message.contains("dataset.order was windows of 64 and is whole"), message);
    }

    @Test
    void aCorruptRecordIsSkippedAlikeByAnyNumberOfExecutorsAndAfterAResume(@TempDir Path directory) throws IOException {
        String damaged = damagedCopy(directory.resolve("data"));
        for (String window : new String[] {"data.shuffle-window=64", "data.shuffle-window=0"}) {
            Path runs = directory.resolve(window);
            String[] settings = {window, "train.checkpoint-every-steps=1", "data.on-corrupt=skip"};
            Checkpoint single = train(damaged, runs.resolve("1"), with("train.executors=1", settings));
            List<Integer> counts = history(runs.resolve("1")).stream().map(StepMetrics::corrupt).toList();
            assertTrue(counts.stream().mapToInt(count -> count).sum() > 2, counts::toString);
            Path two = runs.resolve("2");
            assertSameBits(single, train(damaged, two, with("train.executors=2", settings)));
            deleteAfter(two, 4);
            assertSameBits(single, train(damaged, two, with("train.executors=2", settings)));
            assertEquals(counts, history(two).stream().map(StepMetrics::corrupt).toList());
            List<String> told = new RunEvents(local(), run(two)).read().stream().filter(event -> event.kind() == Kind.CORRUPT)
                .map(RunEvent::detail).toList();
            assertEquals(told.size(), told.stream().distinct().count());
            assertTrue(told.get(0).startsWith("Cannot read record ") && told.get(0).contains("/train/shard-"), told::toString);

            Path error = runs.resolve("error");
            String message = assertThrows(UncheckedIOException.class, () -> train(damaged, error, window, "train.executors=2",
                "train.checkpoint-every-steps=1")).getMessage();
            assertTrue(told.stream().anyMatch(message::startsWith), message);
            assertTrue(message.endsWith("; data.on-corrupt=skip puts another record in its place"), message);
            assertSameBits(single, train(damaged, error, with("train.executors=2", settings)));
        }
    }

    @Test
    void anEvaluationNeverSkips(@TempDir Path directory) throws IOException {
        train(directory.resolve("run"), "train.executors=2", "train.epochs=1");
        String damaged = damagedCopy(directory.resolve("data"));
        assertThrows(Exception.class, () -> EvaluateCommand.evaluate(spark, settings("data.on-corrupt=skip"), damaged,
            output(directory.resolve("run")), EvaluateCommand.Checkpoints.NEWEST, Optional.empty()));
    }

    @Test
    void theAverageIsThatOfTheParametersAfterEachStep(@TempDir Path directory) throws IOException {
        train(directory, "train.executors=2", "train.epochs=1", "train.checkpoint-every-steps=1", "optimizer.ema-decay=0.75");
        double[] expected = null;
        for (org.apache.hadoop.fs.Path path : checkpoints(directory).list()) {
            Checkpoint checkpoint = CheckpointStore.read(local(), path);
            double[] parameters = checkpoint.parameters().data().asDouble();
            if (expected == null) {
                assertTrue(checkpoint.averages().isEmpty(), "before the first step they are the parameters");
                expected = parameters;
            } else {
                double[] averages = checkpoint.averages().orElseThrow().data().asDouble();
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = 0.75 * expected[i] + 0.25 * parameters[i];
                    assertEquals(expected[i], averages[i], 1e-6 * Math.max(1, Math.abs(expected[i])), path.getName());
                }
            }
        }
    }

    @Test
    void rankZerosClockDecidesForAllWhenACheckpointIsDue(@TempDir Path directory) throws IOException {
        Checkpoint timed = train(directory.resolve("timed"), "train.executors=2", "train.checkpoint-interval=1 ms");
        assertEquals(LongStream.rangeClosed(0, 12).boxed().toList(), steps(directory.resolve("timed")), "a step takes longer");
        assertSameBits(timed, train(directory.resolve("untimed"), "train.executors=2"));
    }

    @Test
    void inBfloat16OnTheWireAResumedRunEndsWithTheSameBitsToo(@TempDir Path directory) throws IOException {
        String[] settings = {"train.executors=2", "train.wire=bf16", "train.checkpoint-every-steps=3"};
        Checkpoint whole = train(directory.resolve("run"), settings);
        CheckpointStore store = checkpoints(directory.resolve("run"));
        for (org.apache.hadoop.fs.Path path : store.list().subList(2, 5)) {
            Files.delete(Path.of(path.toUri().getPath()));
        }
        assertSameBits(whole, train(directory.resolve("run"), settings));
        assertFalse(Arrays.equals(whole.parameters().toFloatVector(),
            train(directory.resolve("exact"), "train.executors=2").parameters().toFloatVector()), "it is not exact");
        String message = assertThrows(IllegalArgumentException.class,
            () -> train(directory.resolve("run"), "train.executors=2", "train.epochs=3")).getMessage();
        assertTrue(message.contains("train.wire was bf16 and is fp32"), message);
    }

    @Test
    void aRunWithOtherSettingsIsNotResumed(@TempDir Path directory) throws IOException {
        train(directory, "train.executors=2", "train.epochs=1");
        String message = assertThrows(IllegalArgumentException.class,
            () -> train(directory, "train.executors=2", "optimizer.learning-rate=0.2")).getMessage();
        assertTrue(message.contains("optimizer.learning-rate was 0.05 and is 0.2"), message);
        String average = assertThrows(IllegalArgumentException.class,
            () -> train(directory, "train.executors=2", "optimizer.ema-decay=0.9")).getMessage();
        assertTrue(average.contains("optimizer.ema-decay was 0 and is 0.9"), average);
        assertEquals(2, train(directory, "train.executors=4", "train.epochs=2").info().position().epoch(), "these may change");
    }

    @Test
    void theEvaluationCountsEveryImageOnceAndIsTheSameForAnyNumberOfExecutors(@TempDir Path directory) throws IOException {
        train(directory, "train.executors=4", "train.epochs=6");
        List<EvaluationResult> results = new ArrayList<>();
        for (int executors : new int[] {1, 2, 4}) {
            EvaluateCommand.evaluate(spark, settings("train.executors=" + executors), data, output(directory),
                EvaluateCommand.Checkpoints.NEWEST, Optional.empty());
            results.add(EvaluationResult.readAll(local(), new org.apache.hadoop.fs.Path(output(directory), "run-1")).get(0));
        }
        assertEquals(VALIDATION_IMAGES, results.get(0).tally().images());
        assertEquals(results.get(0).tally(), results.get(1).tally());
        assertEquals(results.get(0).tally(), results.get(2).tally());
        assertTrue(results.get(0).top1Error() < 20, "a network that learnt nothing errs in 67 %: " + results.get(0));
        assertEquals(Map.of("eval/top-1-error", (float) results.get(0).top1Error(), "eval/top-5-error", (float) results.get(0).top5Error()),
            EventFileReader.read(local(), new org.apache.hadoop.fs.Path(run(directory), "tensorboard/events.out.tfevents.0000000036.val"))
                .get(1).values());
        assertTrue(Files.readString(directory.resolve("evaluation.json")).contains("\"top1Error\""));
        ReportCommand.write(new Configuration(), output(directory), directory.resolve("report.html"));
        assertTrue(Files.readString(directory.resolve("report.html")).contains("<svg"));
    }

    @Test
    void oldCheckpointsAreDeletedButTheBestStays(@TempDir Path directory) throws IOException {
        String[] settings = {"train.executors=2", "train.checkpoint-every-steps=2", "train.keep-checkpoints=2", "train.epochs=1"};
        train(directory, settings);
        assertEquals(List.of(4L, 6L), steps(directory));
        EvaluateCommand.evaluate(spark, settings(settings), data, output(directory), EvaluateCommand.Checkpoints.NEWEST,
            Optional.empty());
        settings[3] = "train.epochs=2";
        train(directory, settings);
        assertEquals(List.of(6L, 10L, 12L), steps(directory));
        assertEquals(List.of(Kind.STARTED, Kind.FINISHED, Kind.RESUMED, Kind.FINISHED),
            new RunEvents(local(), run(directory)).read().stream().map(RunEvent::kind).toList());
    }

    @Test
    void aCheckpointThatWasDeletedMeanwhileIsNotEvaluated(@TempDir Path directory) throws IOException {
        train(directory, "train.executors=2");
        FileSystem deleting = new FilterFileSystem(local()) {
            @Override
            public FileStatus[] listStatus(org.apache.hadoop.fs.Path path) throws IOException {
                FileStatus[] listed = super.listStatus(path);
                delete(new org.apache.hadoop.fs.Path(path, "step-0000000006.zip"), false);
                return listed;
            }
        };
        List<EvaluationResult> results = new Evaluation(spark, settings("train.executors=2"), data, deleting, Optional.empty(), Details.NONE)
            .evaluateRun(run(directory), EvaluateCommand.Checkpoints.EVERY);
        assertEquals(List.of(12L), results.stream().map(EvaluationResult::step).toList());
    }

    @Test
    void aRunThatFailsAgainAndAgainWithoutANewCheckpointEnds(@TempDir Path directory) throws IOException {
        train(directory.resolve("run"), "train.executors=2", "train.epochs=1");
        Path copy = Files.createDirectory(directory.resolve("data"));
        try (var files = Files.walk(Path.of(URI.create(data)))) {
            for (Path file : files.filter(file -> !file.toString().endsWith(".seq")).skip(1).toList()) {
                Files.copy(file, copy.resolve(Path.of(URI.create(data)).relativize(file)));
            }
        }
        String message = assertThrows(UncheckedIOException.class, () -> TrainCommand.train(spark,
            settings("train.executors=2", "train.max-restarts=1"), copy.toUri().toString(), output(directory.resolve("run")), new StopWish())).getMessage();
        assertTrue(message.startsWith("Cannot finish the run in file:" + directory.resolve("run") + "/run-1: no new checkpoint since step 6"
            + " in 2 attempts: "), message);
        assertTrue(message.contains("shard-"), message);
        List<RunEvent> events = new RunEvents(local(), run(directory.resolve("run"))).read();
        assertEquals(List.of(Kind.STARTED, Kind.FINISHED, Kind.RESUMED, Kind.RESTARTED, Kind.FAILED), events.stream().map(RunEvent::kind).toList());
        assertEquals(message, events.get(4).detail());
        assertTrue(events.get(3).detail().contains("shard-"), events.get(3).detail());
    }

    @Test
    void replicasThatDivergeEndTheRunAtOnce(@TempDir Path directory) throws IOException {
        train(directory.resolve("seed"), "train.executors=2", "train.epochs=1", "train.seed=2");
        Path other = Files.createDirectories(directory.resolve("run-1").resolve(DivergingFileSystem.OTHER));
        Files.copy(directory.resolve("seed/run-2/checkpoints/step-0000000000.zip"), other.resolve("step-0000000000.zip"));
        spark.hadoopConfiguration().set("fs." + DivergingFileSystem.SCHEME + ".impl", DivergingFileSystem.class.getName());
        String message = assertThrows(UncheckedIOException.class, () -> TrainCommand.train(spark, settings("train.executors=2"), data,
            DivergingFileSystem.SCHEME + "://" + directory, new StopWish())).getMessage();
        assertTrue(message.matches("Cannot go on after step 6: the replicas' parameters differ \\(expected one SHA-256\\):"
            + " ranks \\[0\\] hold [0-9a-f]{12}, ranks \\[1\\] hold [0-9a-f]{12}"), message);
        assertEquals(List.of(0L), steps(directory), "nothing is saved");
        assertEquals(List.of(Kind.STARTED, Kind.FAILED), new RunEvents(local(), run(directory)).read().stream().map(RunEvent::kind).toList());
    }

    @Test
    void theAverageIsEvaluatedWhereThereIsOneUnlessTheRawWeightsAreAskedFor(@TempDir Path directory) throws IOException {
        Checkpoint trained = train(directory, "train.executors=2", "train.epochs=6", "optimizer.ema-decay=0.999");
        EvaluationResult average = evaluate(directory, Optional.empty());
        EvaluationResult raw = evaluate(directory, Optional.of(WeightKind.RAW));
        assertEquals("average", average.weights());
        assertEquals("raw", raw.weights());
        assertNotEquals(average.tally(), raw.tally(), "an average that slow has hardly left the random start");
        assertArrayEquals(trained.averages().orElseThrow().toFloatVector(), checkpoints(directory).newest().orElseThrow()
            .network(WeightKind.AVERAGE).params().toFloatVector());
    }

    @Test
    void microBatchesThatCannotBeSharedAreRefused(@TempDir Path directory) {
        assertEquals("Cannot share 4 micro-batches among 3 executors (expected batch.micro-batches to be a multiple of train.executors)",
            assertThrows(IllegalArgumentException.class, () -> train(directory, "train.executors=3")).getMessage());
    }

    @Test
    void aBatchLargerThanTheDataSetIsRefused(@TempDir Path directory) {
        String message = assertThrows(IllegalArgumentException.class,
            () -> train(directory, "train.executors=1", "batch.micro-batch-size=26")).getMessage();
        assertTrue(message.endsWith("it has 100 training images (expected at least one batch of 104)"), message);
    }

    private static String[] with(String setting, String... others) {
        return Stream.concat(Stream.of(setting), Arrays.stream(others)).toArray(String[]::new);
    }

    /** The last byte of every shard is another one. */
    private static String damagedCopy(Path copy) throws IOException {
        Path original = Path.of(URI.create(data));
        try (Stream<Path> files = Files.walk(original)) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(original.relativize(file));
                if (file.toString().endsWith(".seq")) {
                    byte[] content = Files.readAllBytes(file);
                    content[content.length - 1] ^= 1;
                    Files.write(target, content);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return copy.toUri().toString();
    }

    private static void deleteAfter(Path directory, long kept) throws IOException {
        for (org.apache.hadoop.fs.Path path : checkpoints(directory).list()) {
            if (CheckpointStore.step(path) > kept) {
                Files.delete(Path.of(path.toUri().getPath()));
            }
        }
    }

    private static Checkpoint train(Path directory, String... overrides) throws IOException {
        return train(data, directory, overrides);
    }

    private static Checkpoint train(String data, Path directory, String... overrides) throws IOException {
        TrainCommand.train(spark, settings(overrides), data, output(directory), new StopWish());
        return checkpoints(directory, settings(overrides).train().seed()).newest().orElseThrow();
    }

    private static EvaluationResult evaluate(Path directory, Optional<WeightKind> weights) throws IOException {
        EvaluateCommand.evaluate(spark, settings(), data, output(directory), EvaluateCommand.Checkpoints.NEWEST, weights);
        return EvaluationResult.readAll(local(), new org.apache.hadoop.fs.Path(output(directory), "run-1")).get(0);
    }

    private static Settings settings(String... overrides) {
        List<String> all = new ArrayList<>(List.of("model.name=sknet-fashion", "model.image-size=16", "augmentation.kind=pad-crop",
            "augmentation.padding=1", "augmentation.flip-probability=0.5", "batch.micro-batches=4", "batch.micro-batch-size=4",
            "optimizer.learning-rate=0.05", "train.runs=1", "train.epochs=2", "train.report-every-steps=1", "evaluate.batch-size=8"));
        all.addAll(List.of(overrides));
        return Settings.load(List.of(), List.of(), all);
    }

    private static String output(Path directory) {
        return directory.toUri().toString();
    }

    private static FileSystem local() throws IOException {
        return FileSystem.get(new org.apache.hadoop.fs.Path(data).toUri(), new Configuration());
    }

    private static CheckpointStore checkpoints(Path directory) throws IOException {
        return checkpoints(directory, 1);
    }

    private static CheckpointStore checkpoints(Path directory, long seed) throws IOException {
        return Training.checkpoints(local(), Training.runDirectory(new org.apache.hadoop.fs.Path(output(directory)), seed));
    }

    private static org.apache.hadoop.fs.Path run(Path directory) {
        return Training.runDirectory(new org.apache.hadoop.fs.Path(output(directory)), 1);
    }

    private static List<Long> steps(Path directory) throws IOException {
        return checkpoints(directory).list().stream().map(CheckpointStore::step).toList();
    }

    private static List<StepMetrics> history(Path directory) throws IOException {
        return new History(local(), Training.runDirectory(new org.apache.hadoop.fs.Path(output(directory)), 1)).read();
    }

    private static List<Double> losses(List<StepMetrics> history) {
        return history.stream().map(StepMetrics::loss).toList();
    }

    /** {@code INDArray.equals} allows a difference of 1e-5; this does not. */
    private static void assertSameBits(Checkpoint expected, Checkpoint actual) {
        assertEquals(expected.info().position(), actual.info().position());
        assertArrayEquals(expected.parameters().toFloatVector(), actual.parameters().toFloatVector());
        assertArrayEquals(expected.updaterState().toFloatVector(), actual.updaterState().toFloatVector());
        assertArrayEquals(expected.averages().map(INDArray::toFloatVector).orElse(null),
            actual.averages().map(INDArray::toFloatVector).orElse(null));
    }
}
