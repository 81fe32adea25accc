package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.CheckpointStore;
import sknet.cluster.Job;
import sknet.evaluate.EvaluationResult;
import sknet.hdfs.EmbeddedHdfs;
import sknet.tensorboard.EventFileReader;

/**
 * The jobs as users start them: by the launcher and spark-submit, on two executors of their own (JVMs), on a real HDFS. What is
 * killed is killed by SIGKILL.
 */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class ClusterIT {

    private static final int EPOCHS = 4;

    @TempDir
    private static Path directory;
    private static EmbeddedHdfs hdfs;
    private static FileSystem fileSystem;
    private static String data;
    private static Checkpoint undisturbed;

    @BeforeAll
    static void prepareAndTrain() throws Exception {
        hdfs = EmbeddedHdfs.start(directory.resolve("hdfs"), 1 << 20);
        fileSystem = FileSystem.get(URI.create(hdfs.uri().toString()), new Configuration());
        data = hdfs.uri() + "/data";
        Path images = ImageFolder.write(directory.resolve("images"), 100, 50);
        Job prepare = start(List.of(), "prepare", "folder", images.toUri().toString(), data, "--set", "prepare.shard-bytes=20k");
        assertEquals(0, prepare.exitCode(), prepare::output);
        Job train = train(List.of(), "undisturbed");
        assertEquals(0, train.exitCode(), train::output);
        undisturbed = newest("undisturbed");
        assertEquals(EPOCHS, undisturbed.info().position().epoch());
        List<Long> steps = EventFileReader.trainingSteps(fileSystem, Training.runDirectory(new org.apache.hadoop.fs.Path("/undisturbed"), 1));
        assertEquals(undisturbed.info().position().step(), steps.get(steps.size() - 1));
    }

    @AfterAll
    static void stop() throws IOException {
        hdfs.close();
    }

    @Test
    void aRunWhoseDriverWasKilledEndsWithTheSameBitsWhenGivenAgain() throws Exception {
        Job killed = train(List.of(), "driver-killed");
        killed.await(() -> checkpointExists("driver-killed", 4));
        killed.kill();
        assertTrue(newest("driver-killed").info().position().epoch() < EPOCHS, "it was killed before its end");
        Job again = train(List.of(), "driver-killed");
        assertEquals(0, again.exitCode(), again::output);
        assertTrue(again.output().contains("resuming at step "), again.output());
        assertSameBits("driver-killed");
    }

    @Test
    void aRunThatLostAnExecutorEndsWithTheSameBits() throws Exception {
        Job job = train(List.of(), "executor-killed");
        job.await(() -> checkpointExists("executor-killed", 4));
        killAnExecutor(job);
        assertEquals(0, job.exitCode(), job::output);
        assertTrue(job.output().contains("restart 1 from the newest checkpoint: "), job.output());
        assertSameBits("executor-killed");
    }

    @Test
    void inWindowsARunThatLostAnExecutorEndsWithTheSameBits() throws Exception {
        String[] settings = {"--set", "data.shuffle-window=48"};
        Job whole = train(List.of(), "windows", settings);
        assertEquals(0, whole.exitCode(), whole::output);
        Job job = train(List.of(), "windows-killed", settings);
        job.await(() -> checkpointExists("windows-killed", 4));
        killAnExecutor(job);
        assertEquals(0, job.exitCode(), job::output);
        assertEquals(newest("windows").info().parametersSha256(), newest("windows-killed").info().parametersSha256());
        assertNotEquals(undisturbed.info().parametersSha256(), newest("windows").info().parametersSha256());
    }

    @Test
    void withAuthenticationAndEncryptionTheResultIsTheSame() throws Exception {
        List<String> secure = List.of("spark.authenticate=true", "spark.authenticate.secret=s3cret-of-the-test",
            "spark.network.crypto.enabled=true");
        Job job = train(secure, "secure");
        assertEquals(0, job.exitCode(), job::output);
        assertFalse(job.output().contains("s3cret"), job.output());
        assertSameBits("secure");
    }

    @Test
    void theEvaluationJobCountsEveryImageOnceThoughAnExecutorIsKilled() throws Exception {
        // The large size gives the executors work for longer than they take to start.
        Job job = start(List.of(), "evaluate", hdfs.uri() + "/undisturbed", "--data", data, "--predictions", "--set", "evaluate.batch-size=3",
            "--set", "evaluate.crop-sizes=[16,448]");
        job.await(() -> executors(job).anyMatch(ClusterIT::isAtWork));
        assertTrue(executors(job).filter(ClusterIT::isAtWork).findFirst().orElseThrow().destroyForcibly());
        assertEquals(0, job.exitCode(), job::output);
        assertTrue(job.output().contains("top-1 error %"), job.output());
        org.apache.hadoop.fs.Path run = new org.apache.hadoop.fs.Path("/undisturbed/run-1");
        List<EvaluationResult> results = EvaluationResult.readAll(fileSystem, run);
        assertEquals(List.of(50, 50), results.get(0).crops().stream().map(crop -> crop.tally().images()).toList());
        assertTrue(fileSystem.exists(new org.apache.hadoop.fs.Path(EvaluationResult.details(run, results.get(0).step()), "predictions/_SUCCESS")));
        assertTrue(fileSystem.exists(new org.apache.hadoop.fs.Path("/undisturbed/evaluation.json")));
    }

    @Test
    void weightsInHdfsAreImportedAndEvaluated() throws Exception {
        try (var file = fileSystem.create(new org.apache.hadoop.fs.Path("/weights.safetensors"))) {
            file.write(TimmWeights.of(TimmWeights.network(ImageFolder.CLASSES, 16)));
        }
        Job job = start(List.of(), "import", hdfs.uri() + "/weights.safetensors", "--model", "sknet-fashion", "--data", data,
            "--output", hdfs.uri() + "/imported", "--set", "model.image-size=16", "--set", "augmentation.kind=none");
        assertEquals(0, job.exitCode(), job::output);
        Job evaluate = start(List.of(), "evaluate", hdfs.uri() + "/imported", "--data", data);
        assertEquals(0, evaluate.exitCode(), evaluate::output);
        assertTrue(fileSystem.exists(new org.apache.hadoop.fs.Path("/imported/evaluation.json")));
    }

    @Test
    void aTrainedNetworkIsExportedFromHdfsToHdfs() throws Exception {
        String file = hdfs.uri() + "/exported/model.onnx";
        Job job = start(List.of(), "export", "onnx", hdfs.uri() + "/undisturbed", file);
        assertEquals(0, job.exitCode(), job::output);
        assertTrue(job.output().contains("pixels: R, G and B from 0 to 255 minus "), job.output());
        assertFalse(job.output().contains("not known"), job.output());
        assertEquals(2, start(List.of(), "export", "onnx", hdfs.uri() + "/undisturbed", file).exitCode());
        Job again = start(List.of(), "export", "onnx", hdfs.uri() + "/undisturbed", file, "--overwrite");
        assertEquals(0, again.exitCode(), again::output);
        assertEquals(1, fileSystem.listStatus(new org.apache.hadoop.fs.Path("/exported")).length);
    }

    @Test
    void theExitCodeOfTheJobIsThatOfTheLauncher() throws Exception {
        Job job = start(List.of(), "train", "--data", hdfs.uri() + "/nothing", "--output", hdfs.uri() + "/x");
        assertEquals(1, job.exitCode(), job::output);
        assertTrue(job.output().contains("sknet: Cannot open data set " + hdfs.uri()
            + "/nothing: no manifest.json (expected a directory written by 'sknet prepare')"), job.output());
        assertFalse(job.output().contains("\tat "), job.output());
    }

    private static Job train(List<String> sparkSettings, String output, String... settings) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("train", "--data", data, "--output", hdfs.uri() + "/" + output,
            "--set", "model.name=sknet-fashion", "--set", "model.image-size=16", "--set", "augmentation.kind=pad-crop",
            "--set", "batch.micro-batches=4", "--set", "batch.micro-batch-size=4", "--set", "optimizer.learning-rate=0.05",
            "--set", "train.runs=1", "--set", "train.epochs=" + EPOCHS, "--set", "train.checkpoint-every-steps=2",
            "--set", "train.report-every-steps=1"));
        arguments.addAll(List.of(settings));
        return start(sparkSettings, arguments.toArray(String[]::new));
    }

    private static CheckpointStore store(String output) {
        return Training.checkpoints(fileSystem, Training.runDirectory(new org.apache.hadoop.fs.Path("/" + output), 1));
    }

    private static Checkpoint newest(String output) throws IOException {
        return store(output).newest().orElseThrow();
    }

    private static boolean checkpointExists(String output, int number) {
        try {
            return store(output).list().size() >= number;
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void assertSameBits(String output) throws IOException {
        assertEquals(undisturbed.info().position(), newest(output).info().position());
        assertEquals(undisturbed.info().parametersSha256(), newest(output).info().parametersSha256());
    }

    private static Job start(List<String> sparkSettings, String... arguments) throws IOException {
        return Job.start(Files.createTempFile(directory, "job", ".log"), "local-cluster[2,1,1024]", sparkSettings, arguments);
    }

    private static void killAnExecutor(Job job) {
        assertTrue(executors(job).findFirst().orElseThrow().destroyForcibly());
    }

    private static Stream<ProcessHandle> executors(Job job) {
        return job.process().descendants().filter(child -> child.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend"));
    }

    /** Whether it has used the processor for longer than it takes to start. */
    private static boolean isAtWork(ProcessHandle executor) {
        return executor.info().totalCpuDuration().orElse(Duration.ZERO).toSeconds() >= 8;
    }
}
