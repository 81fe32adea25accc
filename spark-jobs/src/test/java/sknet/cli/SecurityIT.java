package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import sknet.cluster.Job;
import sknet.cluster.ListeningSockets;
import sknet.cluster.ListeningSockets.ListeningSocket;
import sknet.cluster.StandaloneCluster;

/** Trainings whose processes authenticate each other by a secret: who listens where, who gets in, and where the secret may be read. */
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class SecurityIT {
    private static final String SECRET = "5ecret-of-the-cluster-4711";
    private static final String KEY_OF_A_STORE = "5ecret-key-of-a-store-4711";
    private static final Path RUNS = Path.of("target/run");

    @TempDir
    private static Path directory;
    private static Path data;
    private static Path secretFile;

    @BeforeAll
    static void prepare() throws Exception {
        data = directory.resolve("data");
        secretFile = secretFile("secret", SECRET);
        Path images = ImageFolder.write(directory.resolve("images"), 100, 50);
        Job prepare = Job.start(directory.resolve("prepare.log"), "local[2]", List.of(), "prepare", "folder", images.toUri().toString(),
            data.toUri().toString(), "--set", "prepare.shard-bytes=20k");
        assertEquals(0, prepare.exitCode(), prepare::output);
    }

    @Test
    void aTrainingOnThisMachineIsReachedFromHereOnlyAndTellsNoSecret() throws Exception {
        Path conf = configuration();
        Path output = Files.createDirectories(directory.resolve("on-this-machine"));
        Map<String, String> environment = Map.of("SKNET_SECRET_FILE", secretFile.toString(), "SPARK_CONF_DIR", conf.toString());
        List<String> settings = List.of("spark.ui.enabled=true", "spark.ui.port=0", "spark.eventLog.enabled=true", "spark.eventLog.dir=" + output.toUri());
        Job train = Job.start(output.resolve("train.log"), "local-cluster[2,1,1024]", environment, settings, train(output));
        Set<ListeningSocket> sockets = new HashSet<>();
        Set<String> commands = new HashSet<>();
        while (train.process().isAlive()) {
            Stream.concat(Stream.of(train.process().toHandle()), train.process().descendants()).forEach(process -> {
                sockets.addAll(ListeningSockets.of(process.pid()));
                commands.add(command(process.pid()));
            });
            Thread.sleep(200);
        }
        assertEquals(0, train.exitCode(), train::output);
        assertEquals(List.of(), sockets.stream().filter(socket -> !socket.isLocal()).toList());
        assertTrue(sockets.stream().map(ListeningSocket::pid).distinct().count() >= 3, "driver and executors listen: " + sockets);
        assertEquals(2, commands.stream().filter(command -> command.contains("CoarseGrainedExecutorBackend")).count(), commands::toString);
        assertEquals(List.of(), commands.stream().filter(SecurityIT::tellsASecret).toList());
        // The launcher's next command removes them.
        List<Path> logs = files(RUNS.resolve(Long.toString(train.process().pid())));
        assertTrue(logs.stream().anyMatch(file -> file.endsWith("stderr")), logs::toString);
        assertEquals(List.of(), logs.stream().filter(SecurityIT::tellsASecret).toList());

        Job dryRun = Job.start(output.resolve("dry-run.log"), "local[1]", environment, settings, "experiment", "run", experiment().toString(),
            "--data", data.toUri().toString(), "--output", output.resolve("experiment").toUri().toString(), "--dry-run", "--verbose");
        assertEquals(0, dryRun.exitCode(), dryRun::output);
        List<Path> files = files(output);
        assertEquals(List.of(), files.stream().filter(SecurityIT::tellsASecret).toList());
        // What is not there can hide anywhere: the settings themselves are told.
        String events = files.stream().filter(file -> file.getFileName().toString().startsWith("app-")).map(SecurityIT::text)
            .collect(Collectors.joining());
        assertTrue(events.contains("\"spark.hadoop.fs.s3a.secret.key\":\"*********(redacted)\""), "the event log names what it does not tell");
        assertTrue(files.stream().anyMatch(file -> file.toString().endsWith(".zip")), files::toString);
    }

    @Test
    void aClusterWithASecretTakesWhoKnowsItAndNobodyElse() throws Exception {
        Path output = Files.createDirectories(directory.resolve("on-a-cluster"));
        try (StandaloneCluster cluster = StandaloneCluster.start(output.resolve("cluster"), Map.of("spark.authenticate", "true",
            "spark.authenticate.secret", SECRET, "spark.network.crypto.enabled", "true", "spark.network.crypto.authEngineVersion", "2"))) {
            Files.delete(output.resolve("cluster/conf/spark-defaults.conf"));
            Job welcome = job(cluster, output, "welcome", Map.of("SKNET_SECRET_FILE", secretFile.toString()));
            assertEquals(0, welcome.exitCode(), welcome::output);
            Job wrong = job(cluster, output, "wrong", Map.of("SKNET_SECRET_FILE", secretFile("wrong", "another-secret-than-the-cluster-s").toString()));
            Job none = job(cluster, output, "none", Map.of());
            assertRefused(cluster, "with this secret", wrong);
            assertRefused(cluster, "without its secret", none);
            assertEquals(List.of(), files(output).stream().filter(SecurityIT::tellsASecret).toList());
        }
    }

    @Test
    void aSecretThatIsNoneIsRefusedBeforeAnythingStarts() throws Exception {
        Path readable = Files.writeString(directory.resolve("readable"), SECRET);
        Files.setPosixFilePermissions(readable, PosixFilePermissions.fromString("rw-r--r--"));
        Path missing = directory.resolve("missing");
        Path twoLines = secretFile("two-lines", SECRET + "\n" + SECRET);
        Path tooShort = secretFile("too-short", "short");
        String noSecret = " (expected one line of at least 16 letters, digits and +/=_.-, as 'openssl rand -hex 32' makes)";
        for (Map.Entry<Path, String> refused : Map.of(missing, "Cannot read the secret of " + missing + ": there is no such file",
            readable, "Cannot use the secret of " + readable + ": its mode is 644 (expected 600: nobody else may read it)",
            twoLines, "Cannot use the secret of " + twoLines + noSecret, tooShort, "Cannot use the secret of " + tooShort + noSecret).entrySet()) {
            Job job = Job.start(directory.resolve("refused.log"), "spark://127.0.0.1:1", Map.of("SKNET_SECRET_FILE", refused.getKey().toString()), List.of(),
                "data", "show", "/nowhere");
            assertEquals(2, job.exitCode(), job::output);
            assertEquals("sknet: " + refused.getValue(), job.output().strip());
        }
    }

    private static void assertRefused(StandaloneCluster cluster, String why, Job job) throws InterruptedException {
        assertEquals(2, job.exitCode(), job::output);
        assertEquals("sknet: Cannot join the cluster of " + cluster.master() + ": it refuses an application " + why
            + " (expected --secret-file with the secret that its Master has, or none where it has none)", job.output().strip());
    }

    private static Job job(StandaloneCluster cluster, Path output, String name, Map<String, String> environment) throws IOException {
        List<String> settings = List.of("spark.executor.cores=1", "spark.cores.max=2", "spark.driver.host=127.0.0.1",
            "spark.driver.bindAddress=127.0.0.1", "spark.ui.enabled=false");
        return Job.start(output.resolve(name + ".log"), cluster.master(), environment, settings, train(output.resolve(name)));
    }

    private static String[] train(Path output, String... more) {
        List<String> arguments = new ArrayList<>(List.of("train", "--data", data.toUri().toString(), "--output",
            output.resolve("run").toUri().toString()));
        for (String setting : List.of("model.name=sknet-fashion", "model.image-size=16", "augmentation.kind=pad-crop", "batch.micro-batches=4",
            "batch.micro-batch-size=4", "train.runs=1", "train.epochs=1")) {
            arguments.addAll(List.of("--set", setting));
        }
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private static Path experiment() throws IOException {
        return Files.writeString(directory.resolve("experiment.conf"), """
            model.image-size = 16
            augmentation.kind = pad-crop
            batch.micro-batches = 4
            batch.micro-batch-size = 4
            train.epochs = 1
            evaluate.crop-sizes = [16]
            experiment {
              title = "One row"
              dataset = folder
              evaluate = last
              rows = [ { model = sknet-fashion, label = "SKNet" } ]
            }
            """);
    }

    /** The project's own settings of Spark, and the credentials of a store, as people keep them. */
    private static Path configuration() throws IOException {
        Path conf = Files.createDirectories(directory.resolve("conf"));
        Path own = Path.of("../conf/spark");
        for (String name : List.of("log4j2.properties", "metrics.properties")) {
            Files.copy(own.resolve(name), conf.resolve(name));
        }
        Files.writeString(conf.resolve("spark-defaults.conf"), Files.readString(own.resolve("spark-defaults.conf"))
            + "\nspark.hadoop.fs.s3a.secret.key " + KEY_OF_A_STORE + "\n");
        return conf;
    }

    private static Path secretFile(String name, String secret) throws IOException {
        return Files.writeString(Files.createFile(directory.resolve(name),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))), secret + "\n");
    }

    private static List<Path> files(Path... roots) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path root : roots) {
            try (Stream<Path> found = Files.walk(root)) {
                found.filter(file -> Files.isRegularFile(file) && !file.toString().endsWith(".jar")).forEach(files::add);
            }
        }
        return files;
    }

    private static String command(long pid) {
        try {
            return Files.readString(Path.of("/proc", Long.toString(pid), "cmdline"), StandardCharsets.ISO_8859_1).replace('\0', ' ');
        } catch (IOException over) {
            return "";
        }
    }

    private static boolean tellsASecret(Path file) {
        return tellsASecret(text(file));
    }

    private static boolean tellsASecret(String text) {
        return text.contains(SECRET) || text.contains(KEY_OF_A_STORE);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
