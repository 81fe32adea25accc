package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.fs.FileStatus;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.CheckpointStore;
import sknet.cluster.HdfsProcesses;
import sknet.cluster.Job;
import sknet.cluster.StandaloneCluster;
import sknet.train.RunEvent;
import sknet.train.RunEvents;

/** A standalone Spark cluster and an HDFS with a small data set, on which runs of a tiny model are trained and disturbed. */
final class TrainingCluster implements AutoCloseable {

    /** Steps between checkpoints. */
    static final int INTERVAL = 2;

    private final Path directory;
    private final HdfsProcesses hdfs;
    private final StandaloneCluster spark;
    private final int epochs;
    private Checkpoint undisturbed;

    private TrainingCluster(Path directory, HdfsProcesses hdfs, StandaloneCluster spark, int epochs) {
        this.directory = directory;
        this.hdfs = hdfs;
        this.spark = spark;
        this.epochs = epochs;
    }

    /** Starts all servers, prepares the data and trains the run that nothing disturbs. */
    static TrainingCluster start(Path directory, int epochs) throws Exception {
        HdfsProcesses hdfs = HdfsProcesses.start(directory.resolve("hdfs"));
        StandaloneCluster spark;
        try {
            spark = StandaloneCluster.start(directory.resolve("spark"));
        } catch (IOException | RuntimeException e) {
            hdfs.close();
            throw e;
        }
        TrainingCluster cluster = new TrainingCluster(directory, hdfs, spark, epochs);
        try {
            Path images = ImageFolder.write(directory.resolve("images"), 100, 50);
            Job prepare = cluster.job(List.of(), "prepare", "folder", images.toUri().toString(), hdfs.uri() + "/data", "--set",
                "prepare.shard-bytes=20k");
            assertEquals(0, prepare.exitCode(), prepare::output);
            Job train = cluster.train("undisturbed", List.of());
            assertEquals(0, train.exitCode(), train::output);
            cluster.undisturbed = cluster.store("undisturbed").newest().orElseThrow();
            assertEquals(epochs, cluster.undisturbed.info().position().epoch());
            return cluster;
        } catch (Exception | Error e) {
            cluster.close();
            throw e;
        }
    }

    HdfsProcesses hdfs() {
        return hdfs;
    }

    StandaloneCluster spark() {
        return spark;
    }

    /** Starts a command with two executors of one core. */
    Job job(List<String> sparkSettings, String... arguments) throws IOException {
        List<String> settings = new ArrayList<>(List.of("spark.executor.cores=1", "spark.cores.max=2", "spark.driver.host=127.0.0.1",
            "spark.driver.bindAddress=127.0.0.1", "spark.ui.enabled=false", "spark.executor.extraJavaOptions=-XX:+UseSerialGC",
            // The driver computes nothing: its compiler would only take the processor from the executors.
            "spark.driver.extraJavaOptions=-XX:+UseSerialGC -XX:TieredStopAtLevel=1"));
        HdfsProcesses.clientSettings().forEach((key, value) -> settings.add("spark.hadoop." + key + "=" + value));
        settings.addAll(sparkSettings);
        return Job.start(Files.createTempFile(directory, "job", ".log"), spark.master(), settings, arguments);
    }

    /** Starts, or goes on with, the training of a run. */
    Job train(String name, List<String> sparkSettings, String... overrides) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("train", "--data", hdfs.uri() + "/data", "--output", hdfs.uri() + "/" + name));
        List<String> settings = new ArrayList<>(List.of("model.name=sknet-fashion", "model.image-size=16", "augmentation.kind=pad-crop",
            "batch.micro-batches=4", "batch.micro-batch-size=4", "optimizer.learning-rate=0.05", "train.runs=1", "train.epochs=" + epochs,
            "train.checkpoint-every-steps=" + INTERVAL, "train.report-every-steps=1"));
        settings.addAll(Arrays.asList(overrides));
        settings.forEach(setting -> arguments.addAll(List.of("--set", setting)));
        return job(sparkSettings, arguments.toArray(String[]::new));
    }

    private org.apache.hadoop.fs.Path run(String name) {
        return Training.runDirectory(new org.apache.hadoop.fs.Path("/" + name), 1);
    }

    CheckpointStore store(String name) {
        return Training.checkpoints(hdfs.client(), run(name));
    }

    /** The step of the newest checkpoint; -1 if there is none, or HDFS does not say. */
    long newestStep(String name) {
        try {
            List<org.apache.hadoop.fs.Path> checkpoints = store(name).list();
            return checkpoints.isEmpty() ? -1 : CheckpointStore.step(checkpoints.get(checkpoints.size() - 1));
        } catch (IOException e) {
            return -1;
        }
    }

    /** Waits until a run has a checkpoint of a step or a later one. */
    void awaitStep(Job job, String name, long step) throws InterruptedException {
        job.await(() -> newestStep(name) >= step);
    }

    List<RunEvent> events(String name, RunEvent.Kind kind) {
        try {
            return new RunEvents(hdfs.client(), run(name)).read().stream().filter(event -> event.kind() == kind).toList();
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Waits for the {@code number}-th restart and then for a new checkpoint; returns the seconds since the fault. */
    double secondsToRestart(Job job, String name, int number, long faultNanos) throws InterruptedException {
        job.await(() -> events(name, RunEvent.Kind.RESTARTED).size() >= number);
        return secondsToCheckpoint(job, name, events(name, RunEvent.Kind.RESTARTED).get(number - 1).step(), faultNanos);
    }

    /** Waits for a checkpoint after a step; returns the seconds since the fault. */
    double secondsToCheckpoint(Job job, String name, long step, long faultNanos) throws InterruptedException {
        awaitStep(job, name, step + 1);
        return (System.nanoTime() - faultNanos) / 1e9;
    }

    /** Waits for the end of a run that shall have been restarted a number of times, and compares it with the undisturbed one. */
    void assertEndsWithTheSameBits(Job job, String name, int restarts) throws Exception {
        assertEquals(0, job.exitCode(), job::output);
        Checkpoint last = store(name).newest().orElseThrow();
        assertEquals(undisturbed.info().position(), last.info().position(), job::output);
        assertEquals(undisturbed.info().parametersSha256(), last.info().parametersSha256());
        List<RunEvent> restarted = events(name, RunEvent.Kind.RESTARTED);
        assertEquals(restarts, restarted.size(), job::output);
        restarted.forEach(event -> assertTrue(event.repeated() <= INTERVAL, event.toString()));
        assertEquals(1, events(name, RunEvent.Kind.FINISHED).size());
        assertOnlyWholeFiles(name);
    }

    /** Every file in the directory of checkpoints is a whole one. */
    void assertOnlyWholeFiles(String name) throws IOException {
        for (FileStatus file : hdfs.client().listStatus(new org.apache.hadoop.fs.Path(run(name), "checkpoints"))) {
            CheckpointStore.read(hdfs.client(), file.getPath());
        }
    }

    /** One line for the documents. */
    static void report(String fault, double seconds) {
        System.out.printf("fault: %s, recovered in %.1f s, bits equal%n", fault, seconds);
    }

    @Override
    public void close() {
        spark.close();
        hdfs.close();
    }
}
