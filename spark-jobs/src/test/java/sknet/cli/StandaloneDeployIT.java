package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ContentSummary;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sknet.checkpoint.CheckpointStore;
import sknet.cluster.DeployedCluster;
import sknet.cluster.DeployedCluster.Outcome;
import sknet.cluster.Job;

/** The cluster that {@code deploy/standalone} starts, with its configuration: one Worker with 8 GPUs, which are pretended, and a shared secret. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class StandaloneDeployIT {

    private static final int GPUS = 8;
    private static final int EPOCHS = 8;
    private static final String SECRET = "s3cret-of-the-standalone-test";
    private static final Pattern PLACES = Pattern.compile("GPUs of the replicas: (.*)");
    /** Executors on this machine compete for its cores while they start. */
    private static final String QUICK_START = "spark.executor.extraJavaOptions=-XX:+UseSerialGC -XX:TieredStopAtLevel=1";

    @TempDir
    private static Path directory;
    private static DeployedCluster cluster;
    private static FileSystem hdfs;

    @BeforeAll
    static void start() throws Exception {
        Path secret = Files.writeString(directory.resolve("secret"), SECRET + "\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Path gpus = Files.writeString(directory.resolve("gpus.sh"),
            "#!/bin/sh\necho '{\"name\":\"gpu\",\"addresses\":[\"0\",\"1\",\"2\",\"3\",\"4\",\"5\",\"6\",\"7\"]}'\n");
        Files.setPosixFilePermissions(gpus, PosixFilePermissions.fromString("rwx------"));
        cluster = DeployedCluster.of(directory.resolve("cluster"), Map.of("EXECUTORS_PER_WORKER", Integer.toString(GPUS), "EXECUTOR_MEMORY", "512m",
            "GPU_SCRIPT", gpus.toString(), "SECRET_FILE", secret.toString()));
        assertWorks(cluster.cluster("start"));
        Configuration configuration = new Configuration();
        configuration.addResource(new org.apache.hadoop.fs.Path(cluster.configuration().resolve("core-site.xml").toUri()));
        hdfs = FileSystem.get(configuration);
        Path images = ImageFolder.write(directory.resolve("images"), 100, 50);
        finish(job(1, "prepare", "folder", images.toUri().toString(), "/data", "--set", "prepare.shard-bytes=20k"));
    }

    @AfterAll
    static void stop() throws Exception {
        hdfs.close();
        cluster.close();
    }

    private static void assertWorks(Outcome outcome) {
        assertEquals(0, outcome.exitCode(), outcome::output);
        assertTrue(outcome.output().contains(": 1 of 1 DataNodes, "), outcome.output());
        assertTrue(outcome.output().contains(": 1 of 1 Workers, 0 of 8 cores in use"), outcome.output());
    }

    @Test
    void eachOfEightReplicasHasAGpuOfItsOwnAlsoAfterAnExecutorWasKilled() throws Exception {
        Job train = job(GPUS, "train", "--data", "/data", "--output", "/runs", "--set", "model.name=sknet-fashion", "--set", "model.image-size=16",
            "--set", "augmentation.kind=pad-crop", "--set", "batch.micro-batches=8", "--set", "batch.micro-batch-size=2", "--set", "train.runs=1",
            "--set", "train.epochs=" + EPOCHS, "--set", "train.checkpoint-every-steps=2", "--set", "train.report-every-steps=1");
        CheckpointStore store = Training.checkpoints(hdfs, new org.apache.hadoop.fs.Path("/runs/run-1"));
        train.await(() -> checkpoints(store) >= 3);
        assertTrue(cluster.executors().get(0).destroyForcibly());
        assertFalse(Stream.concat(cluster.processes().stream(), train.process().descendants())
            .anyMatch(process -> DeployedCluster.commandLine(process).contains(SECRET)), "ps shows the secret");
        finish(train);
        assertTrue(train.output().contains("restart 1 from the newest checkpoint: "), train.output());
        assertFalse(train.output().contains(SECRET), train.output());
        assertEquals(EPOCHS, store.newest().orElseThrow().info().position().epoch());
        List<String> places = PLACES.matcher(train.output()).results().map(line -> line.group(1)).toList();
        assertEquals(2, places.size(), train.output());
        List<String> all = Stream.of(0, 1, 2, 3, 4, 5, 6, 7).map(gpu -> "127.0.0.1 " + gpu).toList();
        places.forEach(line -> assertEquals(all, Arrays.stream(line.split(", ")).sorted().toList()));
        Job evaluate = job(1, "evaluate", "/runs", "--data", "/data");
        finish(evaluate);
        assertTrue(evaluate.output().contains("top-1 error"), evaluate.output());
    }

    @Test
    void directoriesGetTheirOwnersModesAndQuotas() throws Exception {
        Outcome outcome = DeployedCluster.run(Map.of("SPARK_CONF_DIR", cluster.configuration().toString()),
            Path.of("..", "deploy", "hdfs", "prepare.sh").toString(), "/sknet", "trainer:vision", "2t", "1000");
        assertEquals(0, outcome.exitCode(), outcome::output);
        FileStatus runs = hdfs.getFileStatus(new org.apache.hadoop.fs.Path("/sknet/runs"));
        assertEquals("trainer vision rwxr-x---", runs.getOwner() + " " + runs.getGroup() + " " + runs.getPermission());
        ContentSummary quota = hdfs.getContentSummary(runs.getPath());
        assertEquals(List.of(2L << 40, 1000L), List.of(quota.getSpaceQuota(), quota.getQuota()));
        assertEquals(-1, hdfs.getContentSummary(new org.apache.hadoop.fs.Path("/sknet/data")).getQuota());
    }

    @Test
    void whatIsStoppedLeavesNothingRunningAndStartsWithItsFiles() throws Exception {
        Outcome again = cluster.cluster("start");
        assertWorks(again);
        assertEquals(4, again.output().lines().filter(line -> line.contains(" runs already (process ")).count(), again.output());
        Outcome stop = cluster.cluster("stop");
        assertEquals(0, stop.exitCode(), stop::output);
        assertEquals(4, stop.output().lines().filter(line -> line.endsWith(" is stopped")).count(), stop.output());
        cluster.awaitEnd();
        Outcome down = cluster.cluster("status");
        assertEquals(1, down.exitCode(), down::output);
        assertTrue(down.output().contains("cluster.sh: Not all of it works: 0 of 1 Workers, 0 of 1 DataNodes, HDFS is down"), down.output());
        assertWorks(cluster.cluster("start"));
        assertWorks(cluster.cluster("status"));
        assertTrue(hdfs.exists(new org.apache.hadoop.fs.Path("/data/manifest.json")));
    }

    private static Job job(int executors, String... arguments) throws IOException {
        List<String> settings = new ArrayList<>(List.of(QUICK_START, "spark.cores.max=" + executors));
        return Job.startWith(cluster.configuration(), Files.createTempFile(directory, "job", ".log"), settings, arguments);
    }

    private static int checkpoints(CheckpointStore store) {
        try {
            return store.list().size();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void finish(Job job) throws InterruptedException {
        assertEquals(0, job.exitCode(), job::output);
    }
}
