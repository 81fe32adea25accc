package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sknet.data.prepare.Encoding;
import sknet.data.prepare.FolderSource;
import sknet.data.prepare.PrepareOptions.Overwrite;
import sknet.hdfs.EmbeddedHdfs;
import sknet.status.RunStatus;
import sknet.status.RunStatus.Phase;
import sknet.status.TrainingStatus;

/** A run as whoever operates it sees it: by its status on a real HDFS, and by the log's records of the driver and of two executors. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class OperationsIT {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int EPOCHS = 4;

    @TempDir
    private Path directory;
    private EmbeddedHdfs hdfs;
    private FileSystem fileSystem;
    private final List<Process> started = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        hdfs = EmbeddedHdfs.start(directory.resolve("hdfs"), 1 << 20);
        fileSystem = FileSystem.get(URI.create(hdfs.uri().toString()), new Configuration());
    }

    @AfterEach
    void stop() throws IOException {
        started.stream().flatMap(process -> Stream.concat(process.descendants(), Stream.of(process.toHandle()))).forEach(ProcessHandle::destroyForcibly);
        hdfs.close();
    }

    @Test
    void aRunIsSeenFromItsStartToItsEnd() throws Exception {
        Path images = ImageFolder.write(directory.resolve("images"), 100, 50);
        String data = hdfs.uri() + "/data";
        try (JavaSparkContext spark = new JavaSparkContext(new SparkConf().setMaster("local[1]").setAppName("test").set("spark.ui.enabled", "false")
            .set("spark.driver.bindAddress", "127.0.0.1").set("spark.driver.host", "127.0.0.1"))) {
            PrepareArguments.prepare(spark, new Settings.Prepare(20_000, 1, 0), new FolderSource(images.toUri().toString()), Encoding.ORIGINAL, data,
                Overwrite.REFUSE);
        }

        Process killed = train("killed", data);
        await(killed, "killed", () -> status().phase() == Phase.RUNNING && status().course().step() >= 4);
        assertEquals(EPOCHS * 6, status().course().totalSteps());
        assertTrue(status().lastSignMillis() > 0);
        killed.descendants().forEach(ProcessHandle::destroyForcibly);
        killed.destroyForcibly().waitFor();

        Process again = train("again", data);
        long step = status().course().step();
        await(again, "again", () -> status().course().step() > step);
        assertTrue(again.descendants().filter(OperationsIT::isExecutor).findFirst().orElseThrow().destroyForcibly());
        assertEquals(0, finish(again), () -> read("again.err"));

        List<JsonNode> records = records("again");
        List<String> events = records.stream().map(record -> record.path("event").asText()).filter(event -> !event.isEmpty()).distinct().toList();
        // The executor may be lost before or after the next checkpoint.
        assertTrue(events.contains("checkpoint"), events::toString);
        assertEquals(List.of("resumed", "progress", "restarted", "finished"), events.stream().filter(event -> !event.equals("checkpoint")).toList());
        String run = hdfs.uri() + "/runs/run-1";
        records.stream().filter(record -> record.has("event")).forEach(record -> assertEquals(run, record.path("run").asText(), record::toString));
        assertTrue(records.stream().anyMatch(record -> record.path("level").asText().equals("WARN")
            && record.path("message").asText().startsWith("restart 1 from the newest checkpoint: ")), () -> read("again.err"));
        assertExecutorsLog(again, run);

        assertEquals(Phase.FINISHED, status().phase());
        assertEquals(0, finish(launch("status", List.of("./sknet", "status", hdfs.uri() + "/runs", "--check"))), () -> read("status.out") + read("status.err"));
        assertTrue(read("status.out").matches("(?s).*\nrun-1 +finished +4/4 +24/24 .*"), read("status.out"));
        assertTrue(read("status.out").contains("\nrun-1: restarts: 1, the last "), read("status.out"));
        assertTrue(read("status.out").contains("\nnext: ./sknet evaluate " + hdfs.uri() + "/runs --data " + data + "\n"), read("status.out"));
    }

    @Test
    void anUnknownFormatIsToldInOneLineWithExitCode2() throws Exception {
        assertEquals(2, finish(launch("format", List.of("./sknet", "--log-format", "xml", "models"))));
        assertEquals("sknet: Cannot log as xml (expected human or json)\n", read("format.err"));
    }

    @Test
    void inJsonAnErrorIsARecordToo() throws Exception {
        assertEquals(2, finish(launch("error", List.of("./sknet", "--log-format", "json", "status", hdfs.uri() + "/none"))));
        List<JsonNode> records = records("error");
        assertEquals(1, records.size(), records::toString);
        assertEquals("ERROR", records.get(0).path("level").asText());
        assertEquals("Cannot open " + hdfs.uri() + "/none: there is no such directory (expected train's --output)", records.get(0).path("message").asText());
    }

    private Process train(String name, String data) throws IOException {
        return launch(name, List.of("./sknet", "--log-format", "json", "--master", "local-cluster[2,1,1024]", "--spark-conf", "spark.executor.memory=1g",
            "--spark-conf", "spark.driver.memory=1g", "train", "--data", data, "--output", hdfs.uri() + "/runs", "--set", "model.name=sknet-fashion",
            "--set", "model.image-size=16", "--set", "augmentation.kind=pad-crop", "--set", "batch.micro-batches=4", "--set", "batch.micro-batch-size=4",
            "--set", "optimizer.learning-rate=0.05", "--set", "train.runs=1", "--set", "train.epochs=" + EPOCHS, "--set",
            "train.checkpoint-every-steps=2", "--set", "train.report-every-steps=1"));
    }

    /** Standard output and error go to files of that name. */
    private Process launch(String name, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(ROOT.toFile()).redirectOutput(directory.resolve(name + ".out").toFile())
            .redirectError(directory.resolve(name + ".err").toFile());
        builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private static int finish(Process process) throws InterruptedException {
        return process.waitFor();
    }

    private void await(Process process, String name, BooleanSupplier condition) throws InterruptedException {
        while (!condition.getAsBoolean()) {
            assertTrue(process.isAlive(), () -> read(name + ".out") + read(name + ".err"));
            Thread.sleep(200);
        }
    }

    private RunStatus status() {
        org.apache.hadoop.fs.Path training = new org.apache.hadoop.fs.Path("/runs");
        try {
            return TrainingStatus.read(fileSystem, training, List.of(Training.runDirectory(training, 1))).runs().get(0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All that went to standard error. */
    private List<JsonNode> records(String name) throws IOException {
        List<JsonNode> records = new ArrayList<>();
        for (String line : read(name + ".err").lines().toList()) {
            records.add(JSON.readTree(line));
        }
        return records;
    }

    /** Their logs begin with lines of Spark's worker and of the JVM; and where the worker ends it may write part of a line again. */
    private static void assertExecutorsLog(Process job, String run) throws IOException {
        List<JsonNode> records = new ArrayList<>();
        Path work = Path.of(System.getProperty("sknet.jar")).resolveSibling("run/" + job.pid() + "/work");
        try (Stream<Path> files = Files.walk(work)) {
            for (Path log : files.filter(file -> file.endsWith("stderr")).toList()) {
                for (String line : Files.readAllLines(log)) {
                    assertFalse(line.matches("\\d\\d:\\d\\d:\\d\\d .*"), line);
                    if (line.startsWith("{\"time\"") && line.endsWith("}")) {
                        records.add(JSON.readTree(line));
                    }
                }
            }
        }
        for (int rank = 0; rank < 2; rank++) {
            int own = rank;
            assertTrue(records.stream().anyMatch(record -> record.path("rank").asInt(-1) == own && record.path("run").asText().equals(run)
                && record.path("step").asInt() == EPOCHS * 6 - 1 && record.path("message").asText().endsWith(" has ended")), records::toString);
        }
    }

    private static boolean isExecutor(ProcessHandle process) {
        return process.info().commandLine().orElse("").contains("CoarseGrainedExecutorBackend");
    }

    private String read(String name) {
        try {
            return Files.readString(directory.resolve(name));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
