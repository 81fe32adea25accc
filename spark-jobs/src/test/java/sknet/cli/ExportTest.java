package sknet.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import onnx.Onnx.ModelProto;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.protobuf.ByteString;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.ParameterHash;
import sknet.checkpoint.Position;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.DatasetManifest.Split;
import sknet.data.shard.ImageSizes;
import sknet.model.ModelCatalogue;
import sknet.model.NetworkBuilder;
import sknet.model.NetworkOptions;

/** {@code sknet export}: output, one clear line for an error, and the exit code. */
class ExportTest {
    private static final List<String> CLASSES = List.of("cat", "dog", "fish");
    private static final String FINGERPRINT = DatasetManifest.fingerprintOf(CLASSES, splits(CLASSES));

    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    @TempDir
    private Path directory;
    private String file;

    @BeforeEach
    void capture() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        file = directory.resolve("model.onnx").toUri().toString();
    }

    @AfterEach
    void release() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    @Test
    void theNewestCheckpointOfTheOnlyRunIsExportedWithTheMeanOfItsData() throws IOException {
        dataset("data");
        checkpoint("runs/run-1", 8, "data");
        String newest = checkpoint("runs/run-1", 16, "data");
        assertEquals(0, Main.run("export", "onnx", directory.resolve("runs").toUri().toString(), file), this::errors);
        assertEquals("file:" + newest + ", weights: raw\nsknet-fashion, images of 16 x 16, 0.4 MB\n"
            + "pixels: R, G and B from 0 to 255 minus 120.50, 110.25 and 100.00\nwritten to file:" + directory + "/model.onnx\n", output());
        Map<String, String> metadata = metadata();
        assertEquals("raw", metadata.get("weights"));
        assertEquals("16", metadata.get("step"));
        assertEquals("16", metadata.get("image_size"));
        assertEquals("120.5,110.25,100.0", metadata.get("channel_mean"));
        assertEquals("[\"cat\",\"dog\",\"fish\"]", metadata.get("class_names"));
        assertEquals(FINGERPRINT, metadata.get("dataset_fingerprint"));
    }

    @Test
    void theAverageOfTheWeightsIsExportedWhereThereIsOne() throws IOException {
        ComputationGraph network = network();
        INDArray averages = network.params().mul(0.5);
        String averaged = checkpoint(network, Optional.of(averages), "checkpoints", 8, "data");
        assertEquals(0, Main.run("export", "onnx", averaged, file), this::errors);
        assertTrue(output().startsWith("file:" + averaged + ", weights: average\n"), output());
        assertEquals("average", metadata().get("weights"));
        assertEquals(ParameterHash.of(averages), metadata().get("parameters_sha256"));
        ByteString average = classifier();
        assertEquals(0, Main.run("export", "onnx", averaged, file, "--overwrite", "--weights", "raw"), this::errors);
        assertEquals("raw", metadata().get("weights"));
        assertEquals(ParameterHash.of(network.params()), metadata().get("parameters_sha256"));
        assertNotEquals(average, classifier());
        String raw = checkpoint("checkpoints", 16, "data");
        assertEquals(2, Main.run("export", "onnx", raw, file, "--overwrite", "--weights", "average"));
        assertOneLine("sknet: Cannot use the average of the weights: the checkpoint of step 16 has none (expected raw weights, or a run with "
            + "optimizer.ema-decay above 0)");
    }

    @Test
    void aMeanThatNobodyKnowsAnyMoreIsSaidToBeUnknown() throws IOException {
        String checkpoint = checkpoint("checkpoints", 8, "gone");
        assertEquals(0, Main.run("export", "onnx", checkpoint, file), this::errors);
        assertTrue(output().contains("\npixels: R, G and B from 0 to 255 minus the mean of the training images, which is not known here (--data DIR names "
            + "the data set): Cannot open data set file:" + directory + "/gone: no manifest.json"), output());
        assertFalse(model().getMetadataPropsList().stream().anyMatch(entry -> entry.getKey().equals("channel_mean")));
        dataset("moved");
        String moved = directory.resolve("moved").toUri().toString();
        assertEquals(0, Main.run("export", "onnx", checkpoint, file, "--overwrite", "--data", moved), this::errors);
        assertTrue(model().getMetadataPropsList().stream().anyMatch(entry -> entry.getKey().equals("channel_mean")));
    }

    @Test
    void aFileThatIsThereStays() throws IOException {
        Files.writeString(directory.resolve("model.onnx"), "precious");
        assertEquals(2, Main.run("export", "onnx", checkpoint("checkpoints", 8, "data"), file));
        assertOneLine("sknet: Cannot write file:" + directory + "/model.onnx: it exists (expected a name that is free, or a file and --overwrite)");
        assertEquals("precious", Files.readString(directory.resolve("model.onnx")));
    }

    @Test
    void aMissingCheckpointIsToldInOneLine() {
        assertEquals(2, Main.run("export", "onnx", directory.resolve("step-1.zip").toUri().toString(), file));
        assertOneLine("sknet: Cannot open file:" + directory + "/step-1.zip: there is no such file (expected a checkpoint, or train's --output)");
        assertFalse(Files.exists(directory.resolve("model.onnx")));
    }

    @Test
    void oneOfSeveralRunsIsNotChosen() throws IOException {
        checkpoint("runs/run-1", 8, "data");
        checkpoint("runs/run-2", 8, "data");
        assertEquals(2, Main.run("export", "onnx", directory.resolve("runs").toUri().toString(), file));
        assertOneLine("sknet: Cannot choose a checkpoint of file:" + directory + "/runs: it has 2 runs (expected one, or a checkpoint file)");
    }

    @Test
    void aDamagedCheckpointIsToldWithExitCode1() throws IOException {
        Files.writeString(directory.resolve("step-0000000001.zip"), "no checkpoint");
        assertEquals(1, Main.run("export", "onnx", directory.resolve("step-0000000001.zip").toString(), file));
        assertTrue(errors().startsWith("sknet: Cannot read checkpoint file:" + directory + "/step-0000000001.zip: it has no entry sknet.json\n"), errors());
    }

    @Test
    void anotherDataSetIsRefused() throws IOException {
        String checkpoint = checkpoint("checkpoints", 8, "data");
        String other = directory.resolve("other").toUri().toString();
        manifest(List.of("cat", "dog", "hen")).write(local(), new org.apache.hadoop.fs.Path(other));
        assertEquals(1, Main.run("export", "onnx", checkpoint, file, "--data", other));
        assertTrue(errors().startsWith("sknet: Cannot take the mean of file:" + directory + "/other: its fingerprint is "), errors());
    }

    private void dataset(String name) throws IOException {
        manifest(CLASSES).write(local(), new org.apache.hadoop.fs.Path(directory.resolve(name).toUri()));
    }

    private static Map<String, Split> splits(List<String> classes) {
        Split empty = new Split(List.of(), Collections.nCopies(classes.size(), 0));
        return Map.of(DatasetManifest.TRAIN, empty, DatasetManifest.VAL, empty);
    }

    private static DatasetManifest manifest(List<String> classes) {
        Map<String, Split> splits = splits(classes);
        ImageSizes sizes = new ImageSizes(new ImageSizes.Range(16, 16, 16), new ImageSizes.Range(16, 16, 16));
        return new DatasetManifest(DatasetManifest.FORMAT_VERSION, "test", "images", "0", "original", 1, DatasetManifest.fingerprintOf(classes, splits),
            classes, List.of(120.5, 110.25, 100.0), sizes, 0, splits);
    }

    /** Returns its path. */
    private String checkpoint(String run, long step, String dataset) throws IOException {
        return checkpoint(network(), Optional.empty(), run, step, dataset);
    }

    private String checkpoint(ComputationGraph network, Optional<INDArray> averages, String run, long step, String dataset) throws IOException {
        String store = directory.resolve(run.startsWith("runs") ? run + "/checkpoints" : run).toString();
        return new CheckpointStore(local(), new org.apache.hadoop.fs.Path(store)).write(network, averages, new Position(0, 0, step),
            Map.of("model.name", "sknet-fashion", "model.image-size", "16", "dataset", directory.resolve(dataset).toString(), "dataset.fingerprint", FINGERPRINT))
            .toUri().getPath();
    }

    private static ComputationGraph network() {
        ComputationGraph network = new ComputationGraph(NetworkBuilder.build(ModelCatalogue.named("sknet-fashion").architecture(),
            NetworkOptions.of(CLASSES.size(), 16)));
        network.init();
        return network;
    }

    private static FileSystem local() throws IOException {
        return FileSystem.getLocal(new Configuration());
    }

    private ModelProto model() throws IOException {
        return ModelProto.parseFrom(Files.readAllBytes(directory.resolve("model.onnx")));
    }

    private Map<String, String> metadata() throws IOException {
        Map<String, String> metadata = new HashMap<>();
        model().getMetadataPropsList().forEach(entry -> metadata.put(entry.getKey(), entry.getValue()));
        return metadata;
    }

    private ByteString classifier() throws IOException {
        return model().getGraph().getInitializerList().stream().filter(constant -> constant.getName().equals("fc.W")).findAny().orElseThrow()
            .getRawData();
    }

    private void assertOneLine(String line) {
        assertEquals(line + "\n", errors());
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String errors() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
