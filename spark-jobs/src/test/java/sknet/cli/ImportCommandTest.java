package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.Position;
import sknet.data.shard.DatasetManifest;

/** Weights from a file to a checkpoint that the other commands take, and what a user sees when they do not fit. */
class ImportCommandTest {

    private static final int IMAGE_SIZE = 16;
    private static final List<String> SETTINGS = List.of("--set", "model.image-size=" + IMAGE_SIZE, "--set", "augmentation.kind=pad-crop",
        "--set", "batch.micro-batches=1", "--set", "batch.micro-batch-size=4", "--set", "optimizer.learning-rate=1e-9");

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    @TempDir
    private Path directory;

    @BeforeEach
    void prepare() throws IOException {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        System.setProperty("spark.master", "local[1]");
        System.setProperty("spark.ui.enabled", "false");
        System.setProperty("spark.driver.host", "127.0.0.1");
        ImageFolder.write(directory.resolve("images"), 9, 6);
        assertEquals(0, Main.run("prepare", "folder", uri("images"), uri("data")), this::errors);
        out.reset();
    }

    @AfterEach
    void release() {
        System.setOut(realOut);
        System.setErr(realErr);
        System.clearProperty("spark.master");
        System.clearProperty("spark.ui.enabled");
        System.clearProperty("spark.driver.host");
    }

    @Test
    void importedWeightsAreEvaluatedAndTrainedAsOurOwn() throws IOException {
        ComputationGraph network = TimmWeights.network(ImageFolder.CLASSES, IMAGE_SIZE);
        TimmWeights.write(directory.resolve("weights"), network);
        // Normalised as ours are, so that not a bit changes.
        float[] mean = DatasetManifest.read(FileSystem.getLocal(new Configuration()), new org.apache.hadoop.fs.Path(uri("data"))).mean();
        assertEquals(0, run("import", uri("weights"), "--model", "sknet-fashion", "--data", uri("data"), "--output", uri("run"),
            "--white", "255", "--std", "1,1,1", "--mean", (double) mean[0] + "," + (double) mean[1] + "," + (double) mean[2]), this::errors);
        Checkpoint imported = newest();
        assertEquals("""
            file:%1$s/weights is imported as sknet-fashion with the names of timm-sknet: parameters %2$s
            written to file:%1$s/run/run-1/checkpoints/step-0000000000.zip
            """.formatted(directory, imported.info().parametersSha256().substring(0, 12)), output());
        assertArrayEquals(network.params().toFloatVector(), imported.parameters().toFloatVector());
        assertEquals("file:" + directory + "/weights", imported.info().provenance().get("import.file"));
        assertEquals("timm-sknet", imported.info().provenance().get("import.names"));
        assertEquals("sknet-fashion", imported.info().provenance().get("model.name"));

        assertEquals(0, run("evaluate", uri("run"), "--data", uri("data")), this::errors);
        assertTrue(Files.readString(directory.resolve("run/evaluation.json")).replaceAll("\\s", "").contains("\"images\":6,"));

        assertEquals(0, run("train", "--data", uri("data"), "--output", uri("run"), "--set", "model.name=sknet-fashion",
            "--set", "train.runs=1", "--set", "train.epochs=1"), this::errors);
        Checkpoint trained = newest();
        assertEquals(new Position(1, 0, 2), trained.info().position());
        assertArrayEquals(weights(imported), weights(trained), 1e-6f, "it began with them, and takes tiny steps");
    }

    @Test
    void aNewClassifierIsForOtherClasses() throws IOException {
        TimmWeights.write(directory.resolve("weights"), TimmWeights.network(10, IMAGE_SIZE));
        assertEquals(2, importInto("run"));
        assertEquals("""
            sknet: Cannot import file:%s/weights as sknet-fashion with the names of timm-sknet: 2 problems
              fc.weight has shape [10, 96] (expected [3, 96] for fc/W)
              fc.bias has shape [10] (expected [3] for fc/b)
            """.formatted(directory), errors());
        assertTrue(Files.notExists(directory.resolve("run")), "nothing is left behind");
        assertEquals(0, importInto("run", "--new-classifier"), this::errors);
        assertEquals("new", newest().info().provenance().get("import.classifier"));
    }

    @Test
    void aRunThatIsThereIsNotReplaced() throws IOException {
        TimmWeights.write(directory.resolve("weights"), TimmWeights.network(ImageFolder.CLASSES, IMAGE_SIZE));
        assertEquals(0, importInto("run"), this::errors);
        assertEquals(2, importInto("run"));
        assertEquals("sknet: Cannot import into file:" + directory
            + "/run/run-1: it has checkpoints (expected another --output or train.seed)\n", errors());
        assertEquals(0, importInto("run", "--set", "train.seed=2"), this::errors);
    }

    @Test
    void wrongUsageIsToldInOneLineWithExitCode2() {
        assertRefused(2, "Cannot find model: resnet-51 (expected one of resnet-50, resnet-101, resnet-152)\n", "--model", "resnet-51");
        assertRefused(2, "Cannot normalise images: std [1.0, 0.0, 1.0] (expected 3 numbers above 0)", "--std", "1,0,1");
        assertRefused(2, "Cannot normalise images: mean [0.5] (expected 3 numbers)", "--mean", "0.5");
    }

    @Test
    void aFileThatIsNoneIsToldInOneLineWithExitCode1() throws IOException {
        assertRefused(1, "Cannot read weights file:" + directory + "/weights: there is no such file");
        Files.writeString(directory.resolve("weights"), "PK\3\4 as torch.save writes it");
        assertRefused(1, "Cannot read weights file:" + directory + "/weights: its header has 2338319421669591888 bytes "
            + "(expected a safetensors file, here with at most 20)");
    }

    private void assertRefused(int exitCode, String message, String... options) {
        err.reset();
        assertEquals(exitCode, importInto("run", options));
        assertTrue(errors().startsWith("sknet: " + message), errors());
    }

    private int importInto(String output, String... options) {
        List<String> all = new ArrayList<>(List.of("import", uri("weights"), "--data", uri("data"), "--output", uri(output)));
        if (!List.of(options).contains("--model")) {
            all.addAll(List.of("--model", "sknet-fashion"));
        }
        all.addAll(List.of(options));
        return run(all.toArray(String[]::new));
    }

    private static int run(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(SETTINGS);
        return Main.run(all.toArray(String[]::new));
    }

    private Checkpoint newest() throws IOException {
        return new CheckpointStore(FileSystem.getLocal(new Configuration()),
            new org.apache.hadoop.fs.Path(uri("run") + "/run-1/checkpoints")).newest().orElseThrow();
    }

    /** The first parameters, those of the first convolution; running statistics move whatever the learning rate. */
    private static float[] weights(Checkpoint checkpoint) {
        return checkpoint.network().getParam("stem_conv.weight").dup('c').data().asFloat();
    }

    private String uri(String name) {
        return "file:" + directory.resolve(name);
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
