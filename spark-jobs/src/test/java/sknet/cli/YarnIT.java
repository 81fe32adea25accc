package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.yarn.api.records.FinalApplicationStatus;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.CheckpointStore;
import sknet.cluster.HdfsProcesses;
import sknet.cluster.Job;
import sknet.cluster.YarnProcesses;
import sknet.train.RunEvent;
import sknet.train.RunEvents;

/**
 * The jobs on YARN as users submit them, with Spark and the program in an HDFS whose servers, like YARN's, are processes of their own. What is killed is
 * killed by SIGKILL.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class YarnIT {

    private static final Pattern APPLICATION = Pattern.compile("Submitting application (application_\\d+_\\d+)");
    private static final Path UPLOAD = Path.of("..", "deploy", "yarn", "upload.sh").toAbsolutePath().normalize();
    private static final int EPOCHS = 3;

    @TempDir
    private static Path directory;
    private static HdfsProcesses hdfs;
    private static YarnProcesses yarn;
    private static String uploaded;
    private static Path settings;
    private static Checkpoint undisturbed;

    @BeforeAll
    static void start() throws Exception {
        hdfs = HdfsProcesses.start(directory.resolve("hdfs"));
        yarn = YarnProcesses.start(directory.resolve("yarn"), hdfs.uri());
        uploaded = upload();
        settings = Files.writeString(directory.resolve("tiny.conf"), """
            model { name = sknet-fashion, image-size = 16 }
            augmentation.kind = pad-crop
            batch { micro-batches = 4, micro-batch-size = 4 }
            optimizer.learning-rate = 0.05
            train { runs = 1, epochs = %d, checkpoint-every-steps = 2, report-every-steps = 1 }
            """.formatted(EPOCHS));
        Path images = ImageFolder.write(directory.resolve("images"), 100, 50);
        Job prepare = Job.start(Files.createTempFile(directory, "job", ".log"), "local[1]", List.of(), "prepare", "folder",
            images.toUri().toString(), hdfs.uri() + "/data", "--set", "prepare.shard-bytes=20k");
        assertEquals(0, prepare.exitCode(), prepare::output);
        trainOnLabelledNodesWithGpus();
        undisturbed = newest("undisturbed");
        assertEquals(EPOCHS, undisturbed.info().position().epoch());
    }

    @AfterAll
    static void stop() {
        try {
            if (yarn != null) {
                yarn.close();
            }
        } finally {
            if (hdfs != null) {
                hdfs.close();
            }
        }
    }

    private static String upload() throws IOException, InterruptedException {
        Path errors = directory.resolve("upload.log");
        ProcessBuilder builder = new ProcessBuilder(UPLOAD.toString(), hdfs.uri() + "/apps/sknet").redirectError(errors.toFile());
        builder.environment().put("HADOOP_CONF_DIR", yarn.configuration().toString());
        Process process = builder.start();
        String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), Files.readString(errors));
        return line;
    }

    /** The node with the label is the only one that executors may have, and each of its GPUs is one that a pretended nvidia-smi tells of. */
    private static void trainOnLabelledNodesWithGpus() throws Exception {
        Path programs = Files.createDirectories(directory.resolve("programs"));
        Path nvidia = Files.writeString(programs.resolve("nvidia-smi"), "#!/bin/sh\necho 5\n");
        assertTrue(nvidia.toFile().setExecutable(true));
        Job job = train("undisturbed", List.of("spark.executor.resource.gpu.amount=1", "spark.yarn.executor.nodeLabelExpression=gpu",
            "spark.executorEnv.PATH=" + programs + ":/usr/bin:/bin"));
        job.await(() -> hasCheckpoint("undisturbed", 2));
        assertEquals(List.of("node-2", "node-2"), yarn.executors().stream().map(yarn::node).toList());
        assertSucceeds(job, 1);
        assertFalse(job.output().contains("spark.zip ->"), job.output());
        assertFalse(job.output().contains("sknet.jar ->"), job.output());
    }

    @Test
    void aRunThatLosesAnExecutorAndThenItsDriverEndsWithTheSameBits() throws Exception {
        Job job = train("disturbed", List.of());
        job.await(() -> hasCheckpoint("disturbed", 2));
        assertTrue(yarn.executors().get(0).destroyForcibly());
        job.await(() -> !events("disturbed", RunEvent.Kind.RESTARTED).isEmpty());
        long restart = events("disturbed", RunEvent.Kind.RESTARTED).get(0).step();
        job.await(() -> hasCheckpoint("disturbed", restart + 2));
        assertTrue(yarn.masters().get(0).destroyForcibly());
        assertSucceeds(job, 2);
        assertSameBits("disturbed");
    }

    @Test
    void aDriverThatIsAskedToEndsWithACheckpointAndTheSameCommandGoesOn() throws Exception {
        Job job = train("stopped", List.of());
        job.await(() -> hasCheckpoint("stopped", 2));
        yarn.shutDownGracefully(application(job));
        assertSucceeds(job, 1);
        assertTrue(newest("stopped").info().position().epoch() < EPOCHS, "it was stopped before its end");
        Job again = submit("client", List.of(), trainArguments("stopped"));
        assertEquals(0, again.exitCode(), again::output);
        assertTrue(again.output().contains("resuming at step "), again.output());
        assertSameBits("stopped");
    }

    @Test
    void theEvaluationJobKeepsItsResult() throws Exception {
        Job job = submit("cluster", List.of(), "evaluate", hdfs.uri() + "/undisturbed", "--data", hdfs.uri() + "/data");
        assertSucceeds(job, 1);
        assertTrue(hdfs.client().exists(new org.apache.hadoop.fs.Path("/undisturbed/evaluation.json")));
    }

    @Test
    void aFailureIsYarnsAndItsReasonReachesTheLauncherAndIsNotTriedTwice() throws Exception {
        Job job = submit("cluster", List.of(), "train", "--data", hdfs.uri() + "/nothing", "--output", hdfs.uri() + "/x", "--conf", settings.toString());
        assertEquals(1, job.exitCode(), job::output);
        assertEquals(FinalApplicationStatus.FAILED, yarn.report(application(job)).getFinalApplicationStatus());
        assertTrue(job.output().contains("sknet: Cannot open data set " + hdfs.uri() + "/nothing: no manifest.json"), job.output());
        // The second driver has repeated the message and not run the command.
        assertTrue(job.output().contains("_000002 exited with  exitCode: 1\n"), job.output());
        assertFalse(job.output().contains("User class threw exception"), job.output());
    }

    @Test
    void whatCannotBeSubmittedIsSaidAtOnce() throws Exception {
        Job unconfigured = Job.start(Files.createTempFile(directory, "job", ".log"), "yarn", Map.of("HADOOP_CONF_DIR", "/nowhere"), List.of(), "train");
        assertEquals(2, unconfigured.exitCode(), unconfigured::output);
        assertTrue(unconfigured.output().contains("sknet: Cannot use YARN: there is no /nowhere/yarn-site.xml"), unconfigured.output());
        Job report = submit("cluster", List.of(), "report", hdfs.uri() + "/undisturbed", "report.html");
        assertEquals(2, report.exitCode(), report::output);
        assertTrue(report.output().contains("sknet: Cannot run report with --deploy-mode cluster"), report.output());
        Job missing = submit("cluster", List.of(), "train", "--conf", "missing.conf");
        assertEquals(2, missing.exitCode(), missing::output);
        assertTrue(missing.output().contains("sknet: Cannot read missing.conf: there is no such file"), missing.output());
        Path including = Files.writeString(directory.resolve("including.conf"), "include \"tiny.conf\"\n");
        Job includes = submit("cluster", List.of(), "train", "--conf=" + including);
        assertEquals(2, includes.exitCode(), includes::output);
        assertTrue(includes.output().contains("sknet: Cannot ship " + including + " to the driver: it includes other files"), includes.output());
    }

    private static Job train(String output, List<String> sparkSettings) throws IOException {
        return submit("cluster", sparkSettings, trainArguments(output));
    }

    private static String[] trainArguments(String output) {
        return new String[] {"train", "--data", hdfs.uri() + "/data", "--output", hdfs.uri() + "/" + output, "--conf", settings.toString()};
    }

    private static Job submit(String mode, List<String> sparkSettings, String... arguments) throws IOException {
        List<String> all = new ArrayList<>(List.of("spark.submit.deployMode=" + mode, uploaded, "spark.executor.instances=2", "spark.executor.cores=1",
            "spark.ui.enabled=false", "spark.driver.host=127.0.0.1", "spark.yarn.appMasterEnv.SPARK_LOCAL_IP=127.0.0.1",
            "spark.executorEnv.SPARK_LOCAL_IP=127.0.0.1", "spark.executor.extraJavaOptions=-XX:+UseSerialGC",
            // The driver computes nothing: its compiler would only take the processor from the executors.
            "spark.driver.extraJavaOptions=-XX:+UseSerialGC -XX:TieredStopAtLevel=1"));
        HdfsProcesses.clientSettings().forEach((key, value) -> all.add("spark.hadoop." + key + "=" + value));
        all.addAll(sparkSettings);
        return Job.start(Files.createTempFile(directory, "job", ".log"), "yarn", Map.of("HADOOP_CONF_DIR", yarn.configuration().toString()), all,
            arguments);
    }

    private static String application(Job job) {
        Matcher matcher = APPLICATION.matcher(job.output());
        assertTrue(matcher.find(), job::output);
        return matcher.group(1);
    }

    private static void assertSucceeds(Job job, int attempts) throws Exception {
        assertEquals(0, job.exitCode(), job::output);
        assertEquals(FinalApplicationStatus.SUCCEEDED, yarn.report(application(job)).getFinalApplicationStatus());
        assertEquals(attempts, yarn.attempts(application(job)), job::output);
    }

    private static CheckpointStore store(String output) {
        return Training.checkpoints(hdfs.client(), run(output));
    }

    private static org.apache.hadoop.fs.Path run(String output) {
        return Training.runDirectory(new org.apache.hadoop.fs.Path("/" + output), 1);
    }

    private static Checkpoint newest(String output) throws IOException {
        return store(output).newest().orElseThrow();
    }

    /** Whether there is a checkpoint of a step or a later one. */
    private static boolean hasCheckpoint(String output, long step) {
        try {
            return store(output).list().stream().anyMatch(file -> CheckpointStore.step(file) >= step);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<RunEvent> events(String output, RunEvent.Kind kind) {
        try {
            return new RunEvents(hdfs.client(), run(output)).read().stream().filter(event -> event.kind() == kind).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static void assertSameBits(String output) throws IOException {
        assertEquals(undisturbed.info().position(), newest(output).info().position());
        assertEquals(undisturbed.info().parametersSha256(), newest(output).info().parametersSha256());
    }
}
