package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.hdfs.DistributedFileSystem;
import org.apache.hadoop.hdfs.protocol.HdfsConstants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sknet.checkpoint.CheckpointStore;
import sknet.cluster.DyingHdfs;
import sknet.cluster.FaultyHdfs;
import sknet.cluster.Job;
import sknet.cluster.RefusingHdfs;
import sknet.train.RunEvent.Kind;

/**
 * Runs that something happens to, on a standalone Spark cluster and an HDFS whose servers are all processes of their own. Each ends with
 * the bits of the run that nothing happened to. What is killed is killed by SIGKILL.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class FaultsIT {

    private static final int EPOCHS = 4;
    /** When a run is disturbed: it has some checkpoints, and most of its steps are to come. */
    private static final int MIDDLE = 6;

    @TempDir
    private static Path directory;
    private static TrainingCluster cluster;

    @BeforeAll
    static void start() throws Exception {
        cluster = TrainingCluster.start(directory, EPOCHS);
    }

    @AfterEach
    void tidyUp() throws IOException {
        cluster.spark().tidyUp();
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void anExecutorKilledAtWork() throws Exception {
        Job job = cluster.train("at-work", List.of());
        cluster.awaitStep(job, "at-work", MIDDLE);
        long fault = System.nanoTime();
        signal("KILL", executors().get(0));
        double seconds = cluster.secondsToRestart(job, "at-work", 1, fault);
        cluster.assertEndsWithTheSameBits(job, "at-work", 1);
        TrainingCluster.report("executor killed while it computes", seconds);
    }

    @Test
    void anExecutorKilledInsideTheAllReduce() throws Exception {
        Job job = cluster.train("all-reduce", List.of());
        cluster.awaitStep(job, "all-reduce", MIDDLE);
        ProcessHandle waiting = executors().get(0);
        ProcessHandle stopped = executors().get(1);
        signal("STOP", stopped);
        // Long enough to compute a step: it waits for the stopped one.
        Thread.sleep(3_000);
        long fault = System.nanoTime();
        signal("KILL", waiting);
        signal("CONT", stopped);
        double seconds = cluster.secondsToRestart(job, "all-reduce", 1, fault);
        cluster.assertEndsWithTheSameBits(job, "all-reduce", 1);
        TrainingCluster.report("executor killed inside the all-reduce", seconds);
    }

    @Test
    void anExecutorKilledWhileItWritesACheckpoint() throws Exception {
        Path markers = Files.createDirectory(directory.resolve("dying"));
        Job job = cluster.train("writing", withFileSystem(DyingHdfs.class, markers, 1));
        job.await(() -> Files.exists(markers.resolve("fault-0")));
        double seconds = cluster.secondsToRestart(job, "writing", 1, System.nanoTime());
        cluster.assertEndsWithTheSameBits(job, "writing", 1);
        TrainingCluster.report("executor killed while it writes a checkpoint", seconds);
    }

    @Test
    void theDriverKilled() throws Exception {
        Job killed = cluster.train("driver", List.of());
        cluster.awaitStep(killed, "driver", MIDDLE);
        killed.kill();
        long fault = System.nanoTime();
        long newest = cluster.newestStep("driver");
        Job again = cluster.train("driver", List.of());
        again.await(() -> !cluster.events("driver", Kind.RESUMED).isEmpty());
        long resumed = cluster.events("driver", Kind.RESUMED).get(0).step();
        assertTrue(resumed >= newest, resumed + " is before the newest checkpoint, " + newest);
        double seconds = cluster.secondsToCheckpoint(again, "driver", resumed, fault);
        cluster.assertEndsWithTheSameBits(again, "driver", 0);
        assertTrue(again.output().contains("resuming at step " + resumed + " of "), again.output());
        TrainingCluster.report("driver killed, same command again", seconds);
    }

    @Test
    void theDriverToldToEnd() throws Exception {
        Job told = cluster.train("told", List.of());
        cluster.awaitStep(told, "told", MIDDLE);
        long fault = System.nanoTime();
        signal("TERM", told.process().toHandle());
        assertEquals(0, told.exitCode(), told::output);
        double seconds = (System.nanoTime() - fault) / 1e9;
        assertTrue(told.output().contains("seed 1) is stopped at hdfs://"), told.output());
        long step = cluster.events("told", Kind.STOPPED).get(0).step();
        assertEquals(cluster.newestStep("told"), step, told::output);
        Job again = cluster.train("told", List.of());
        cluster.assertEndsWithTheSameBits(again, "told", 0);
        assertTrue(again.output().contains("resuming at step " + step + " of "), again.output());
        TrainingCluster.report("driver told to end (SIGTERM), to its exit with a checkpoint", seconds);
    }

    @Test
    void aDataNodeKilled() throws Exception {
        Job job = cluster.train("data-node", List.of());
        cluster.awaitStep(job, "data-node", MIDDLE);
        long newest = cluster.newestStep("data-node");
        long fault = System.nanoTime();
        cluster.hdfs().killDataNode(0);
        double seconds = cluster.secondsToCheckpoint(job, "data-node", newest, fault);
        assertEquals(0, job.exitCode(), job::output);
        cluster.hdfs().startDataNode(0);
        cluster.hdfs().awaitDataNodes();
        cluster.assertEndsWithTheSameBits(job, "data-node", 0);
        TrainingCluster.report("DataNode killed", seconds);
    }

    @Test
    void theNameNodeInSafeModeForHalfAMinute() throws Exception {
        Job job = cluster.train("safe-mode", List.of());
        cluster.awaitStep(job, "safe-mode", MIDDLE);
        cluster.hdfs().enterSafeMode();
        long newest = cluster.newestStep("safe-mode");
        Thread.sleep(30_000);
        assertEquals(newest, cluster.newestStep("safe-mode"));
        cluster.hdfs().leaveSafeMode();
        double seconds = cluster.secondsToCheckpoint(job, "safe-mode", newest, System.nanoTime());
        cluster.assertEndsWithTheSameBits(job, "safe-mode", 0);
        TrainingCluster.report("NameNode in safe mode for 30 s (after its end)", seconds);
    }

    @Test
    void theNameNodeStoppedAndStarted() throws Exception {
        Job job = cluster.train("name-node", List.of());
        cluster.awaitStep(job, "name-node", MIDDLE);
        long newest = cluster.newestStep("name-node");
        cluster.hdfs().stopNameNode();
        Thread.sleep(10_000);
        long fault = System.nanoTime();
        cluster.hdfs().startNameNode();
        cluster.hdfs().awaitDataNodes();
        double seconds = cluster.secondsToCheckpoint(job, "name-node", Math.max(newest, cluster.newestStep("name-node")), fault);
        cluster.assertEndsWithTheSameBits(job, "name-node", 0);
        TrainingCluster.report("NameNode killed, started again after 10 s (from its start)", seconds);
    }

    @Test
    void aFullDisk() throws Exception {
        DistributedFileSystem client = cluster.hdfs().client();
        org.apache.hadoop.fs.Path run = new org.apache.hadoop.fs.Path("/full/run-1");
        String[] settings = {"train.storage-timeout=4 seconds"};
        Job full = cluster.train("full", List.of(), settings);
        cluster.awaitStep(full, "full", MIDDLE);
        client.setQuota(run, HdfsConstants.QUOTA_DONT_SET, 1);
        assertEquals(1, full.exitCode(), full::output);
        long newest = cluster.newestStep("full");
        String error = "sknet: Cannot write checkpoint " + cluster.store("full").list().get(0).getParent()
            + String.format("/step-%010d.zip: ", newest + TrainingCluster.INTERVAL);
        List<String> ours = full.output().lines().filter(line -> line.startsWith("sknet: ")).toList();
        assertTrue(ours.get(0).startsWith(error), full.output());
        assertTrue(ours.get(0).contains("The DiskSpace quota of /full/run-1 is exceeded: quota = 1 B"), full.output());
        assertTrue(ours.get(0).endsWith("(expected success within 4 s, train.storage-timeout)"), full.output());
        assertFalse(full.output().contains("\tat "), full.output());
        assertFalse(full.output().contains("restart 1"), full.output());
        client.setQuota(run, HdfsConstants.QUOTA_DONT_SET, HdfsConstants.QUOTA_RESET);
        long lifted = System.nanoTime();
        Job again = cluster.train("full", List.of(), settings);
        double seconds = cluster.secondsToCheckpoint(again, "full", newest, lifted);
        cluster.assertEndsWithTheSameBits(again, "full", 0);
        TrainingCluster.report("no space left: an error; same command again when there is", seconds);
    }

    @Test
    void aRenameRefusedThreeTimes() throws Exception {
        Path markers = Files.createDirectory(directory.resolve("refusing"));
        Job job = cluster.train("rename", withFileSystem(RefusingHdfs.class, markers, 3));
        job.await(() -> Files.exists(markers.resolve("fault-0")));
        double seconds = cluster.secondsToCheckpoint(job, "rename", cluster.newestStep("rename"), System.nanoTime());
        assertTrue(Files.exists(markers.resolve("fault-2")));
        cluster.assertEndsWithTheSameBits(job, "rename", 0);
        TrainingCluster.report("rename refused 3 times", seconds);
    }

    @Test
    void anExecutorThatHangs() throws Exception {
        int timeout = 15;
        Job job = cluster.train("hung", List.of("spark.network.timeout=" + timeout + "s", "spark.executor.heartbeatInterval=2s"));
        cluster.awaitStep(job, "hung", MIDDLE);
        ProcessHandle hung = executors().get(0);
        long fault = System.nanoTime();
        signal("STOP", hung);
        job.await(() -> !cluster.events("hung", Kind.RESTARTED).isEmpty());
        double detected = (System.nanoTime() - fault) / 1e9;
        double seconds = cluster.secondsToRestart(job, "hung", 1, fault);
        assertTrue(detected < timeout + 10 + 2, "detected after " + detected + " s");
        // The Worker asks it to end first, and kills it 10 s later; the next attempt does not wait for that.
        hung.onExit().get(20, TimeUnit.SECONDS);
        cluster.assertEndsWithTheSameBits(job, "hung", 1);
        TrainingCluster.report(String.format("executor hung (SIGSTOP), spark.network.timeout %d s, found after %.1f s", timeout, detected), seconds);
    }

    @Test
    void theNewestCheckpointDamaged() throws Exception {
        Job killed = cluster.train("damaged", List.of());
        cluster.awaitStep(killed, "damaged", MIDDLE);
        killed.kill();
        cluster.spark().tidyUp();
        List<org.apache.hadoop.fs.Path> checkpoints = cluster.store("damaged").list();
        org.apache.hadoop.fs.Path newest = checkpoints.get(checkpoints.size() - 1);
        damage(newest);
        long fault = System.nanoTime();
        Job again = cluster.train("damaged", List.of());
        long before = CheckpointStore.step(checkpoints.get(checkpoints.size() - 2));
        double seconds = cluster.secondsToCheckpoint(again, "damaged", CheckpointStore.step(newest), fault);
        cluster.assertEndsWithTheSameBits(again, "damaged", 0);
        assertTrue(again.output().contains("Cannot read checkpoint " + newest + ": "), again.output());
        assertTrue(again.output().contains("; the one before it is used"), again.output());
        assertTrue(again.output().contains("resuming at step " + before + " of "), again.output());
        assertEquals(CheckpointStore.step(newest), cluster.events("damaged", Kind.DAMAGED).get(0).step());
        TrainingCluster.report("newest checkpoint damaged before a resume", seconds);
    }

    @Test
    void oldCheckpointsDeletedWhileExecutorsAreKilled() throws Exception {
        Job job = cluster.train("retention", List.of(), "train.keep-checkpoints=2");
        double seconds = 0;
        for (int kill = 1; kill <= 2; kill++) {
            cluster.awaitStep(job, "retention", (long) kill * MIDDLE);
            long fault = System.nanoTime();
            signal("KILL", executors().get(0));
            seconds = Math.max(seconds, cluster.secondsToRestart(job, "retention", kill, fault));
        }
        cluster.assertEndsWithTheSameBits(job, "retention", 2);
        assertEquals(2, cluster.store("retention").list().size());
        TrainingCluster.report("2 executors killed, train.keep-checkpoints=2", seconds);
    }

    private static List<ProcessHandle> executors() {
        List<ProcessHandle> executors = cluster.spark().executors();
        assertEquals(2, executors.size());
        return executors;
    }

    private static void signal(String signal, ProcessHandle process) throws Exception {
        assertEquals(0, new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid())).start().waitFor());
    }

    private static void damage(org.apache.hadoop.fs.Path file) throws IOException {
        DistributedFileSystem client = cluster.hdfs().client();
        byte[] bytes;
        try (var in = client.open(file)) {
            bytes = in.readAllBytes();
        }
        for (int i = bytes.length / 2; i < bytes.length / 2 + 100; i++) {
            bytes[i] ^= 1;
        }
        try (var out = client.create(file, true)) {
            out.write(bytes);
        }
    }

    private static List<String> withFileSystem(Class<? extends FaultyHdfs> type, Path markers, int failures) {
        String classes = Path.of("target", "test-classes").toAbsolutePath().toString();
        return List.of("spark.hadoop.fs.hdfs.impl=" + type.getName(), "spark.executor.extraClassPath=" + classes,
            "spark.driver.extraClassPath=" + classes, "spark.hadoop." + FaultyHdfs.MARKERS + "=" + markers,
            "spark.hadoop." + FaultyHdfs.FAILURES + "=" + failures);
    }
}
