package sknet.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.FilterFileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import sknet.fixture.FaultyFileSystem;
import sknet.fixture.FaultyFileSystem.Fault;

class CheckpointStoreTest {

    private static final Map<String, String> PROVENANCE = Map.of("seed", "1");

    @TempDir
    private java.nio.file.Path directory;
    private FileSystem local;
    private ComputationGraph network;

    @BeforeEach
    void trainALittle() throws IOException {
        local = new RawLocalFileSystem();
        local.initialize(URI.create("file:///"), new Configuration());
        network = new ComputationGraph(new NeuralNetConfiguration.Builder().seed(1).updater(new Nesterovs(0.1, 0.9)).graphBuilder()
            .addInputs("in")
            .addLayer("hidden", new DenseLayer.Builder().nIn(5).nOut(7).build(), "in")
            .addLayer("out", new OutputLayer.Builder().nIn(7).nOut(3).build(), "hidden")
            .setOutputs("out").build());
        network.init();
        fit(network);
    }

    @Test
    void trainingGoesOnFromACheckpointWithTheSameBits() throws IOException {
        CheckpointStore store = store(local);
        Position position = new Position(2, 64, 1234);
        assertEquals("step-0000001234.zip", store.write(network, position, PROVENANCE).getName());
        Checkpoint checkpoint = store.newest().orElseThrow();
        assertEquals(position, checkpoint.info().position());
        assertEquals(PROVENANCE, checkpoint.info().provenance());
        ComputationGraph resumed = checkpoint.network();
        fit(network);
        fit(resumed);
        assertArrayEquals(network.params().toFloatVector(), resumed.params().toFloatVector());
    }

    @Test
    void averagesAreReadAsTheyWereWrittenAndPreferred() throws IOException {
        store(local).write(network, Optional.of(averages()), Position.START, PROVENANCE);
        Checkpoint checkpoint = store(local).newest().orElseThrow();
        assertArrayEquals(averages().toFloatVector(), checkpoint.averages().orElseThrow().toFloatVector());
        assertArrayEquals(averages().shape(), checkpoint.averages().orElseThrow().shape());
        assertArrayEquals(network.params().toFloatVector(), checkpoint.network().params().toFloatVector());
        assertEquals(WeightKind.AVERAGE, checkpoint.preferredWeights());
        assertArrayEquals(averages().toFloatVector(), checkpoint.weights(WeightKind.AVERAGE).toFloatVector());
        assertArrayEquals(network.params().toFloatVector(), checkpoint.weights(WeightKind.RAW).toFloatVector());
    }

    @Test
    void aCheckpointWithoutAveragesSaysSo() throws IOException {
        store(local).write(network, new Position(0, 0, 7), PROVENANCE);
        Checkpoint checkpoint = store(local).newest().orElseThrow();
        assertEquals(WeightKind.RAW, checkpoint.preferredWeights());
        assertEquals("Cannot use the average of the weights: the checkpoint of step 7 has none (expected raw weights, or a run with "
            + "optimizer.ema-decay above 0)",
            assertThrows(IllegalArgumentException.class, () -> checkpoint.weights(WeightKind.AVERAGE)).getMessage());
    }

    /** Each with a checksum that fits, so that it is not the zip's that tells. */
    @Test
    void whatACheckpointSaysOfItselfIsReadWithoutItsWeights() throws IOException {
        Position position = new Position(2, 64, 1234);
        Path path = store(local).write(network, position, PROVENANCE);
        assertEquals(position, CheckpointStore.info(local, path).position());
        assertEquals(PROVENANCE, CheckpointStore.info(local, path).provenance());
        java.nio.file.Path file = java.nio.file.Path.of(path.toUri().getPath());
        byte[] whole = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(whole, whole.length / 2));
        assertEquals(position, CheckpointStore.info(local, path).position(), "the weights are not looked at");
        Files.write(file, new byte[100]);
        String message = assertThrows(DamagedCheckpointException.class, () -> CheckpointStore.info(local, path)).getMessage();
        assertEquals("Cannot read checkpoint " + path + ": its first entry is not sknet.json", message);
    }

    @Test
    void averagesThatAreNotThoseOfTheCheckpointAreReported() throws IOException {
        Path path = store(local).write(network, Optional.of(averages()), Position.START, PROVENANCE);
        INDArray changed = averages();
        changed.putScalar(0, 3, changed.getFloat(0, 3) + 1e-6f);
        assertMessage(": its averages have SHA-256 [0-9a-f]{64} \\(expected [0-9a-f]{64}\\)", damage(path, changed));
        assertMessage(": it has averages of 5 parameters \\(expected " + network.numParams() + "\\)",
            damage(path, Nd4j.zeros(DataType.FLOAT, 1, 5)));
        assertMessage(": it has no entry averages.bin", damage(path, null));
    }

    @Test
    void deeplearning4jItselfOpensACheckpoint() throws IOException {
        Path path = store(local).write(network, Optional.of(averages()), Position.START, PROVENANCE);
        ComputationGraph restored = ModelSerializer.restoreComputationGraph(new java.io.File(path.toUri().getPath()), true);
        assertArrayEquals(network.params().toFloatVector(), restored.params().toFloatVector());
        assertArrayEquals(network.getUpdater().getStateViewArray().toFloatVector(),
            restored.getUpdater().getStateViewArray().toFloatVector());
    }

    @Test
    void theNewestIsTheHighestStepAsANumber() throws IOException {
        CheckpointStore store = store(local);
        for (long step : new long[] {9, 10, 99_999_999_999L, 100}) {
            store.write(network, new Position(0, 0, step), PROVENANCE);
        }
        Files.writeString(directory.resolve("run/step-999999999999.zip.tmp"), "not a checkpoint");
        assertEquals(List.of("step-0000000009.zip", "step-0000000010.zip", "step-0000000100.zip", "step-99999999999.zip"), names());
        assertEquals(99_999_999_999L, store.newest().orElseThrow().info().position().step());
    }

    @Test
    void aDamagedNewestIsPassedOver() throws IOException {
        CheckpointStore store = store(local);
        store.write(network, new Position(0, 0, 1), PROVENANCE);
        java.nio.file.Path newest = java.nio.file.Path.of(store.write(network, new Position(0, 0, 2), PROVENANCE).toUri().getPath());
        byte[] whole = Files.readAllBytes(newest);
        for (byte[] damaged : List.of(new byte[0], "no zip".getBytes(StandardCharsets.UTF_8), Arrays.copyOf(whole, whole.length / 2), flipped(whole))) {
            Files.write(newest, damaged);
            assertEquals(1, store.newest().orElseThrow().info().position().step());
        }
    }

    @Test
    void anyFlippedBitOfTheStateIsFound() throws IOException {
        Path path = store(local).write(network, Optional.of(averages()), Position.START, PROVENANCE);
        java.nio.file.Path file = java.nio.file.Path.of(path.toUri().getPath());
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(1);
        for (int i = 0; i < 300; i++) {
            byte[] damaged = whole.clone();
            int at = random.nextInt(damaged.length);
            damaged[at] ^= (byte) (1 << random.nextInt(8));
            Files.write(file, damaged);
            try {
                Checkpoint read = CheckpointStore.read(local, path);
                // A bit in the zip's directory or in a file's time stamp changes nothing that is read.
                assertArrayEquals(network.params().toFloatVector(), read.parameters().toFloatVector());
                assertArrayEquals(averages().toFloatVector(), read.averages().orElseThrow().toFloatVector());
                assertEquals(network.getConfiguration().toJson(), read.configurationJson());
            } catch (DamagedCheckpointException e) {
                assertTrue(e.getMessage().startsWith("Cannot read checkpoint file:"), e.getMessage());
            }
        }
    }

    @Test
    void aFailingWriteLeavesNoFileUnderAFinalName() throws IOException {
        store(local).write(network, new Position(0, 0, 1), PROVENANCE);
        for (Fault fault : Fault.values()) {
            IOException error = assertThrows(IOException.class,
                () -> store(new FaultyFileSystem(local, fault)).write(network, new Position(0, 0, 2), PROVENANCE));
            assertTrue(error.getMessage().startsWith("Cannot write checkpoint file:" + directory + "/run/step-0000000002.zip: "),
                error.getMessage());
            assertEquals(List.of("step-0000000001.zip"), names(), fault.name());
        }
    }

    @Test
    void aWriteThatFailsForAWhileIsDoneAgainInANewFile() throws IOException {
        StoragePatience patience = new StoragePatience(Duration.ofSeconds(20), Duration.ofMillis(1));
        long step = 0;
        for (Fault fault : Fault.values()) {
            step++;
            FileSystem failing = new FaultyFileSystem(local, fault, 3);
            store(failing, patience).write(network, new Position(0, 0, step), PROVENANCE);
            assertEquals(step, store(local).newest().orElseThrow().info().position().step(), fault.name());
        }
        assertEquals(List.of("step-0000000001.zip", "step-0000000002.zip", "step-0000000003.zip"), names());
    }

    @Test
    void aRenameWhoseAnswerIsLostIsNotDoneTwice() throws IOException {
        List<Path> renamed = new ArrayList<>();
        FileSystem answersLate = new FilterFileSystem(local) {
            @Override
            public boolean rename(Path from, Path to) throws IOException {
                super.rename(from, to);
                renamed.add(to);
                throw new IOException("connection lost");
            }
        };
        StoragePatience patience = new StoragePatience(Duration.ofSeconds(20), Duration.ofMillis(1));
        Path path = store(answersLate, patience).write(network, Position.START, PROVENANCE);
        assertEquals(List.of(path), renamed);
        assertEquals(List.of("step-0000000000.zip"), names());
    }

    @Test
    void aDamagedFileOfTheSameStepIsReplacedAndAWholeOneStays() throws IOException {
        CheckpointStore store = store(local);
        java.nio.file.Path file = java.nio.file.Path.of(store.write(network, Position.START, PROVENANCE).toUri().getPath());
        store.write(network, Position.START, Map.of("seed", "written again"));
        assertEquals(PROVENANCE, store.newest().orElseThrow().info().provenance());
        Files.write(file, flipped(Files.readAllBytes(file)));
        store.write(network, Position.START, Map.of("seed", "written again"));
        assertEquals(Map.of("seed", "written again"), store.newest().orElseThrow().info().provenance());
    }

    @Test
    void whatAKilledWriterLeftBehindIsRemoved() throws IOException {
        CheckpointStore store = store(local);
        store.write(network, Position.START, PROVENANCE);
        Files.writeString(directory.resolve("run/.step-0000000001.zip.6f1c.tmp"), "half of a");
        store.removeLeftovers();
        assertEquals(List.of("step-0000000000.zip"), names());
    }

    @Test
    void aFileSystemThatDoesNotDeliverIsNoDamagedCheckpoint() throws IOException {
        store(local).write(network, Position.START, PROVENANCE);
        FileSystem silent = new FilterFileSystem(local) {
            @Override
            public FSDataInputStream open(Path path, int bufferSize) throws IOException {
                throw new IOException("Connection refused");
            }
        };
        assertEquals("Cannot read checkpoint file:" + directory + "/run/step-0000000000.zip: Connection refused",
            assertThrows(StorageException.class, () -> store(silent).newest()).getMessage());
    }

    @Test
    void whoeverAsksForTheNewestIsToldOfDamagedOnes() throws IOException {
        CheckpointStore store = store(local);
        store.write(network, Position.START, PROVENANCE);
        Files.writeString(directory.resolve("run/step-0000000007.zip"), "not a checkpoint");
        List<String> told = new ArrayList<>();
        assertEquals(0, store.newest((path, message) -> told.add(message)).orElseThrow().info().position().step());
        assertEquals(List.of("Cannot read checkpoint file:" + directory + "/run/step-0000000007.zip: it has no entry sknet.json"), told);
    }

    @Test
    void aRunWithoutCheckpointsHasNoNewest() throws IOException {
        assertTrue(store(local).newest().isEmpty());
    }

    @Test
    void anEpochEndsWhenNoWholeBatchIsLeft() {
        assertEquals(new Position(0, 4, 1), Position.START.next(4, 10));
        assertEquals(new Position(1, 0, 2), Position.START.next(4, 10).next(4, 10));
        assertEquals(new Position(1, 0, 1), Position.START.next(10, 10));
    }

    /** Puts other averages, or none, in a checkpoint and returns what is said of it. */
    private String damage(Path path, INDArray averages) throws IOException {
        java.nio.file.Path file = java.nio.file.Path.of(path.toUri().getPath());
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        try (ZipInputStream in = new ZipInputStream(Files.newInputStream(file)); ZipOutputStream out = new ZipOutputStream(changed)) {
            out.setLevel(Deflater.NO_COMPRESSION);
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                byte[] bytes = in.readAllBytes();
                if (!entry.getName().equals("averages.bin")) {
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    out.write(bytes);
                } else if (averages != null) {
                    out.putNextEntry(new ZipEntry(entry.getName()));
                    out.write(Nd4j.toByteArray(averages));
                }
            }
        }
        java.nio.file.Path damaged = Files.write(directory.resolve("damaged.zip"), changed.toByteArray());
        return assertThrows(DamagedCheckpointException.class, () -> CheckpointStore.read(local, new Path(damaged.toUri()))).getMessage();
    }

    private static void assertMessage(String end, String message) {
        assertTrue(message.matches("Cannot read checkpoint file:.*" + end), message);
    }

    private INDArray averages() {
        return network.params().mul(0.5);
    }

    private CheckpointStore store(FileSystem fileSystem) {
        return new CheckpointStore(fileSystem, new Path(directory.toUri() + "run"));
    }

    private CheckpointStore store(FileSystem fileSystem, StoragePatience patience) {
        return new CheckpointStore(fileSystem, new Path(directory.toUri() + "run"), patience);
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(directory.resolve("run"))) {
            return files.map(file -> file.getFileName().toString()).filter(name -> !name.endsWith(".zip.tmp")).sorted().toList();
        }
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] damaged = bytes.clone();
        damaged[damaged.length / 2] ^= 1;
        return damaged;
    }

    private static void fit(ComputationGraph network) {
        INDArray inputs = Nd4j.linspace(DataType.FLOAT, -1, 0.1, 20).reshape(4, 5);
        network.fit(new DataSet(inputs, Nd4j.vstack(Nd4j.eye(3), Nd4j.eye(3).getRow(0, true))));
    }
}
