package sknet.interchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import onnx.Onnx.ModelProto;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.fixture.FaultyFileSystem;
import sknet.fixture.FaultyFileSystem.Fault;
import sknet.interchange.OnnxFile.Existing;
import sknet.model.ModelCatalogue;
import sknet.model.NetworkBuilder;
import sknet.model.NetworkOptions;

class OnnxFileTest {
    private static ComputationGraph network;
    private static OnnxModel model;

    @TempDir
    private java.nio.file.Path directory;
    private FileSystem local;
    private Path file;

    @BeforeAll
    static void export() {
        network = new ComputationGraph(NetworkBuilder.build(ModelCatalogue.named("sknet-fashion").architecture(), NetworkOptions.of(10, 28)));
        network.init();
        model = model();
    }

    private static OnnxModel model() {
        return OnnxModel.of(network, new OnnxDescription("sknet-fashion", 28, "test", Optional.empty(), Map.of()));
    }

    @BeforeEach
    void open() throws IOException {
        local = FileSystem.getLocal(new Configuration());
        file = new Path(directory.toUri() + "models/small.onnx");
    }

    @Test
    void nothingIsBesideTheFile() throws IOException {
        assertEquals(file, OnnxFile.at(local, file, Existing.REFUSE).write(model));
        assertEquals(List.of("small.onnx"), names());
        byte[] bytes = Files.readAllBytes(directory.resolve("models/small.onnx"));
        assertEquals(model.bytes(), bytes.length);
        assertEquals(List.of("image"), ModelProto.parseFrom(bytes).getGraph().getInputList().stream().map(input -> input.getName()).toList());
    }

    @Test
    void aFileThatIsThereIsReplacedOnlyOnDemand() throws IOException {
        Files.createDirectories(directory.resolve("models"));
        Files.writeString(directory.resolve("models/small.onnx"), "old");
        assertEquals("Cannot write file:" + directory + "/models/small.onnx: it exists (expected a name that is free, or a file and --overwrite)",
                assertThrows(IllegalArgumentException.class, () -> OnnxFile.at(local, file, Existing.REFUSE)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> OnnxFile.at(local, file.getParent(), Existing.REPLACE));
        OnnxFile.at(local, file, Existing.REPLACE).write(model);
        assertEquals(model.bytes(), Files.size(directory.resolve("models/small.onnx")));
        assertEquals(List.of("small.onnx"), names());
    }

    @Test
    void aFailingWriteLeavesNothing() throws IOException {
        for (Fault fault : Fault.values()) {
            FileSystem faulty = new FaultyFileSystem(FileSystem.getLocal(new Configuration()).getRawFileSystem(), fault);
            IOException error = assertThrows(IOException.class, () -> OnnxFile.at(faulty, file, Existing.REFUSE).write(model));
            assertEquals("Cannot write file:" + directory + "/models/small.onnx", error.getMessage().replaceFirst(": .*", ""));
            assertEquals(List.of(), names(), fault.name());
        }
    }

    @Test
    void twoExportsAreTheSameBytes() throws IOException {
        OnnxFile.at(local, file, Existing.REFUSE).write(model);
        byte[] first = Files.readAllBytes(directory.resolve("models/small.onnx"));
        OnnxFile.at(local, file, Existing.REPLACE).write(model());
        assertArrayEquals(first, Files.readAllBytes(directory.resolve("models/small.onnx")));
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(directory.resolve("models"))) {
            return files.map(name -> name.getFileName().toString()).sorted().toList();
        }
    }
}
