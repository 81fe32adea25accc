package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.checkpoint.Position;
import sknet.data.image.BatchReader;
import sknet.data.image.ResizeCentreCrop;
import sknet.data.prepare.Encoding;
import sknet.data.prepare.FolderSource;
import sknet.data.prepare.PrepareOptions.Overwrite;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.ShardedSplit;
import sknet.evaluate.EvaluationResult;
import sknet.train.TrainingPlan;

/** The evaluation of networks that have learnt nothing, on a local Spark that runs a task up to three times. */
class EvaluationJobTest {

    private static final int VALIDATION_IMAGES = 50;

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
    void severalCropsInOnePassGiveTheSameBytesForAnyNumberOfExecutors(@TempDir Path directory) throws IOException {
        checkpoint(directory, 1, 1);
        List<byte[]> results = new ArrayList<>();
        for (int executors : new int[] {1, 2, 5}) {
            evaluate(data, directory, "evaluate.crop-sizes=[16, 24]", "train.executors=" + executors, "data.threads=" + executors);
            results.add(Files.readAllBytes(directory.resolve("run-1/evaluation/step-0000000001.json")));
        }
        assertEquals(new String(results.get(0)), new String(results.get(1)));
        assertEquals(new String(results.get(0)), new String(results.get(2)));
        EvaluationResult both = result(directory);
        assertEquals(List.of(VALIDATION_IMAGES, VALIDATION_IMAGES), both.crops().stream().map(crop -> crop.tally().images()).toList());
        assertNotEquals(both.crops().get(0).tally(), both.crops().get(1).tally());
        evaluate(data, directory, "evaluate.crop-sizes=[24]");
        assertEquals(both.crop(24), result(directory).crop(24));
        evaluate(data, directory);
        assertEquals(both.crops().subList(0, 1), result(directory).crops(), "by default the size it was trained with");
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

    private static void evaluate(String data, Path directory, String... overrides) throws IOException {
        EvaluateCommand.evaluate(spark, settings(overrides), data, output(directory), EvaluateCommand.Checkpoints.NEWEST, Optional.empty());
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
