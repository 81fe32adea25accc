package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees: output, one clear line for an error, and the exit code. */
class MainTest {

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    @TempDir
    private Path directory;

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        System.setProperty("spark.master", "local[1]");
        System.setProperty("spark.ui.enabled", "false");
        System.setProperty("spark.driver.host", "127.0.0.1");
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
    void helpListsTheCommandsAndEachHasItsOwn() {
        assertEquals(0, Main.run("--help"));
        for (String command : new String[] {"prepare", "data", "train", "status", "import", "evaluate", "analyze", "report", "export", "models", "version", "demo"}) {
            assertTrue(output().contains("\n  " + command + " "), command);
            out.reset();
            assertEquals(0, Main.run(command, "--help"));
            assertTrue(output().startsWith("Usage: sknet " + command), output());
            out.reset();
            assertEquals(0, Main.run("--help"));
        }
    }

    @Test
    void versionTellsWhatIsThereAsTableAndAsJson() throws IOException {
        assertEquals(0, Main.run("version", "--json"));
        JsonNode facts = new ObjectMapper().readTree(output());
        for (String name : List.of("sknet", "commit", "java", "spark", "scala", "hadoop", "dl4j", "nd4j", "backend", "onednn", "javacpp", "os",
            "processor", "instructions", "java.vectors")) {
            assertFalse(facts.path(name).asText().isBlank(), name);
        }
        for (String library : List.of("spark", "scala", "hadoop", "dl4j", "nd4j", "onednn", "javacpp")) {
            assertTrue(facts.path(library).asText().matches("\\d+\\.\\d+\\.\\d+.*"), library);
        }
        assertTrue(facts.path("instructions").asText().startsWith("SSE4.1"), output());
        assertTrue(facts.path("java.vectors").asText().endsWith(" bits"), output());
        out.reset();
        assertEquals(0, Main.run("version"));
        assertTrue(output().contains("\nspark         " + facts.path("spark").asText() + "\n"), output());
        assertEquals(facts.size(), output().lines().count());
    }

    @Test
    void wrongUsageIsToldWithExitCode2() {
        assertEquals(2, Main.run("train", "--data", "x"));
        assertTrue(errors().startsWith("Missing required option: '--output=DIR'"), errors());
        err.reset();
        assertEquals(2, Main.run("trian"));
        assertTrue(errors().startsWith("Unmatched argument at index 0: 'trian'\nDid you mean: sknet train"), errors());
        err.reset();
        assertEquals(2, Main.run("evaluate", "x", "--data", "y", "--every", "--watch"));
        assertTrue(errors().startsWith("Error: --every, --watch are mutually exclusive"), errors());
    }

    @Test
    void allConfigurationProblemsComeInOneMessageWithExitCode2() {
        assertEquals(2, Main.run("train", "--data", "x", "--output", "y", "--set", "train.epoch=1", "--set", "batch.micro-batches=0"));
        assertEquals("""
            sknet: Cannot use the configuration: 2 problems
              Cannot use key train.epoch (--set: 1): it is unknown (did you mean train.epochs?)
              Cannot use batch.micro-batches: 0 (expected a whole number of at least 1; from --set: 1)
            """, errors());
    }

    @Test
    void aMissingFolderIsToldInOneLineWithExitCode2() {
        assertEquals(2, Main.run("prepare", "folder", directory.resolve("nothing").toUri().toString(), directory.toUri() + "out"));
        assertOneLine("sknet: Cannot prepare file:" + directory + "/nothing");
    }

    @Test
    void anEmptyClassIsToldInOneLineWithExitCode2() throws IOException {
        ImageFolder.write(directory.resolve("images"), 3, 3);
        Files.createDirectories(directory.resolve("images/train/empty"));
        assertEquals(2, Main.run("prepare", "folder", directory.resolve("images").toUri().toString(), directory.toUri() + "out"));
        assertOneLine("sknet: Cannot prepare file:" + directory + "/images: class 'empty' in train/ is empty");
    }

    @Test
    void aTextFileNamedJpgIsCountedReportedAndSkipped() throws IOException {
        ImageFolder.write(directory.resolve("images"), 6, 3);
        Files.writeString(directory.resolve("images/train/class-0/text.jpg"), "no image");
        assertEquals(0, Main.run("prepare", "folder", directory.resolve("images").toUri().toString(), directory.toUri() + "out"), this::errors);
        assertTrue(output().contains("train  6 images in 1 shards"), output());
        assertTrue(output().contains("1 files were no readable images: "), output());
        assertTrue(Files.readString(directory.resolve("out/rejected.jsonl")).contains("train/class-0/text.jpg"));
    }

    @Test
    void aDataSetIsShownAndVerified() throws IOException {
        ImageFolder.write(directory.resolve("images"), 6, 3);
        String data = directory.toUri() + "data";
        assertEquals(0, Main.run("prepare", "folder", directory.resolve("images").toUri().toString(), data), this::errors);
        assertEquals(0, Main.run("data", "show", data, "--png", directory.resolve("sheet.png").toString()), this::errors);
        assertTrue(output().contains("\nwidth         16\n"), output());
        assertTrue(output().contains("\nclass-1                                 2          1\n"), output());
        assertEquals(3 * (18 + 96 + 4), ImageIO.read(directory.resolve("sheet.png").toFile()).getHeight());
        assertEquals(0, Main.run("prepare", "verify", data), this::errors);
        assertTrue(output().contains("\nwhole: " + data), output());
        Files.delete(directory.resolve("data/train/shard-00000.idx"));
        assertEquals(1, Main.run("prepare", "verify", data));
        assertTrue(output().contains("/data/train/shard-00000.idx: it is missing\n1 damages in "), output());
    }

    @Test
    void idxFilesArePreparedWithNamesFromAFile() throws IOException {
        Files.writeString(directory.resolve("names.txt"), "bag\nshoe\n");
        for (String split : new String[] {"train", "t10k"}) {
            Files.write(directory.resolve(split + "-images-idx3-ubyte"), new byte[] {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8});
            Files.write(directory.resolve(split + "-labels-idx1-ubyte"), new byte[] {0, 0, 8, 1, 0, 0, 0, 2, 0, 1});
        }
        assertEquals(0, Main.run("prepare", "idx", directory.toString(), directory + "/out", "--classes", directory.resolve("names.txt").toString()),
            this::errors);
        assertEquals("bag\nshoe\n", Files.readString(directory.resolve("out/classes.txt")));
        assertEquals(2, Main.run("prepare", "cifar10", directory + "/none.tar.gz", directory + "/out2"));
        assertEquals(2, Main.run("prepare", "imagenet", directory.toString(), directory + "/out3"));
        assertTrue(errors().contains("no ILSVRC2012_devkit_t12.tar.gz (expected it beside "), errors());
    }

    @Test
    void anHdfsThatDoesNotAnswerIsToldInOneLineWithExitCode1() {
        assertEquals(1, Main.run("train", "--data", "hdfs://127.0.0.1:1/data", "--output", directory.toUri().toString()));
        assertTrue(errors().startsWith("sknet: Cannot reach hdfs://127.0.0.1:1: Connection refused"), errors());
        assertFalse(errors().contains("\tat "), errors());
    }

    @Test
    void verboseShowsWhere() {
        assertEquals(1, Main.run("evaluate", directory.toUri() + "none", "--data", "hdfs://127.0.0.1:1/data", "--verbose"));
        assertTrue(errors().contains("\tat sknet."), errors());
    }

    @Test
    void anUnknownModelIsToldWithTheKnownOnes() throws IOException {
        ImageFolder.write(directory.resolve("images"), 3, 3);
        assertEquals(0, Main.run("prepare", "folder", directory.resolve("images").toUri().toString(), directory.toUri() + "data"));
        assertEquals(2, Main.run("train", "--data", directory.toUri() + "data", "--output", directory.toUri() + "runs",
            "--set", "model.name=sknet-51", "--set", "batch.micro-batches=1", "--set", "batch.micro-batch-size=2"));
        assertTrue(errors().contains("sknet: Cannot find model: sknet-51 (expected sknet-50-k3-k5 or the like, or one of sknet-26, sknet-50, sknet-101"), errors());
    }

    @Test
    void modelsAsJsonHoldTheCountsOfThePaper() {
        assertEquals(0, Main.run("models", "--json"));
        String json = output().replaceAll("\\s", "");
        assertTrue(json.contains("\"name\":\"sknet-50\",\"size\":224,\"classes\":1000,\"parameters\":27479784,"
            + "\"parametersWithStatistics\":27564328,\"multiplyAdds\":4462710784,"), json);
        out.reset();
        assertEquals(0, Main.run("models", "--size", "320"));
        assertTrue(output().contains("\nsknet-50                       320    1000  27,479,784  27,564,328    27.5M  9,104,379,904   11,264,000    4.47G      235.6\n"), output());
        out.reset();
        assertEquals(0, Main.run("models", "senet-101", "sknet-50-k1-k9"));
        assertTrue(output().contains("\nsenet-101                      224    1000  48,989,960  49,196,904    49.2M"), output());
        assertTrue(output().contains(" 8.00G      231.2  -0.0163G multiply-adds\n"), output());
        assertTrue(output().contains("\nsknet-50-k1-k9 "), output());
    }

    @Test
    void theDocumentsHaveTheTableThatIsPrinted() throws IOException {
        assertEquals(0, Main.run("models"));
        String table = output().substring(0, output().indexOf("\n\n"));
        assertTrue(Files.readString(Path.of("../docs/models.md")).contains("```\n" + table + "\n```"), table);
    }

    @Test
    void theLayersOfAModelComeAsTableAndAsGraph() {
        assertEquals(0, Main.run("models", "sknet-fashion", "--layers"));
        assertEquals("""
            layer                            kind                       output             parameters   multiply-adds
            stem                             ConvolutionBatchNorm       32 x 14 x 14            2,464         470,400
            stages.0.0                       Bottleneck                 96 x 7 x 7             53,696       2,711,808
            stages.0.1                       Bottleneck                 96 x 7 x 7             53,504       2,486,016
            gap                              Pooling                    96                          0               0
            fc                               OutputLayer                10                        970             960
            total                                                                             110,634       5,669,184
            """, output());
        out.reset();
        assertEquals(0, Main.run("models", "densenet-169", "--dot"));
        assertTrue(output().startsWith("digraph \"densenet-169\" {\n  node [shape=box];\n  \"stem\" [label="), output());
        assertTrue(output().contains("  \"blocks.0.0.conv\" -> \"blocks.0.0.concat\";\n"), output());
        out.reset();
        assertEquals(2, Main.run("models", "--layers"));
        assertOneLine("sknet: Cannot print the layers of 62 models (expected the name of one)");
    }

    private void assertOneLine(String start) {
        assertTrue(errors().startsWith(start), errors());
        assertEquals(1, errors().lines().count(), errors());
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
