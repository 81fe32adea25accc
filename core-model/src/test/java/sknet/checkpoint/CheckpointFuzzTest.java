package sknet.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Nesterovs;
import sknet.fuzz.Fuzzing;
import sknet.fuzz.Fuzzing.Finding;
import sknet.fuzz.Mutations;

/** Whatever becomes of a checkpoint, it is read as it was written, or refused with a reason. */
class CheckpointFuzzTest {
    private static final List<Class<? extends Exception>> ERRORS = List.of(IOException.class);
    private static final Map<String, String> PROVENANCE = Map.of("seed", "1", "dataset", "hdfs:/data");
    /** ND4J and the JSON parser make a megabyte of their own the first time; the bytes, the floats and the text are there beside the file. */
    private static final long MOST_BYTES = 4 << 20;
    private static final int MOST_TIMES = 12;

    private static byte[] whole;
    private static Map<String, byte[]> entries;
    private static Checkpoint original;

    @BeforeAll
    static void write() throws IOException {
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder().seed(1).updater(new Nesterovs(0.1, 0.9)).graphBuilder()
            .addInputs("in")
            .addLayer("hidden", new DenseLayer.Builder().nIn(5).nOut(7).build(), "in")
            .addLayer("out", new OutputLayer.Builder().nIn(7).nOut(3).build(), "hidden")
            .setOutputs("out").build());
        network.init();
        INDArray averages = network.params().mul(0.5);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CheckpointFile.write(out, network, Optional.of(averages), new CheckpointInfo(CheckpointInfo.FORMAT_VERSION, new Position(2, 64, 1234),
            ParameterHash.of(network.params()), ParameterHash.of(averages), PROVENANCE));
        whole = out.toByteArray();
        entries = unzipped(whole);
        original = read(whole);
    }

    @Test
    void damageAnywhereIsFoundOrMeansNothing() {
        Mutations mutations = new Mutations(1, List.of(whole));
        new Fuzzing("checkpoints", ERRORS, MOST_BYTES, MOST_TIMES).run(mutations::copy, file -> {
            assertSame(read(file));
            return Finding.EQUAL;
        });
    }

    /** What a checksum vouches for may be wrong nevertheless: whoever can write a file can write its checksum. */
    @Test
    void damageInAnEntryIsFoundByWhatTheEntrySays() {
        List<String> names = List.copyOf(entries.keySet());
        List<Mutations> mutations = names.stream().map(name -> new Mutations(2, List.of(entries.get(name)))).toList();
        new Fuzzing("checkpoints' entries", ERRORS, MOST_BYTES, MOST_TIMES).run(number -> {
            int entry = number % names.size();
            Map<String, byte[]> damaged = new LinkedHashMap<>(entries);
            damaged.put(names.get(entry), mutations.get(entry).copy(number));
            return zipped(damaged);
        }, file -> {
            Checkpoint read = read(file);
            assertEquals(original.parameters(), read.parameters());
            assertTrue(read.updaterState().length() * Float.BYTES < file.length, "the state is as large as it is stored");
            return read.info().equals(original.info()) && read.updaterState().equals(original.updaterState()) ? Finding.EQUAL : Finding.OTHER;
        });
    }

    @Test
    void whatACheckpointSaysOfItselfIsReadOrRefused() {
        Mutations mutations = new Mutations(3, List.of(entries.get(CheckpointFile.INFO_ENTRY)));
        new Fuzzing("what checkpoints say of themselves", ERRORS, MOST_BYTES, MOST_TIMES).run(
            number -> zipped(Map.of(CheckpointFile.INFO_ENTRY, mutations.copy(number))), file -> {
                CheckpointInfo info = CheckpointFile.readInfo(new ByteArrayInputStream(file));
                return info.equals(original.info()) ? Finding.EQUAL : Finding.OTHER;
            });
    }

    @Test
    void aVectorThatClaimsMoreThanItHasIsRefusedBeforeRoomIsMade() {
        byte[] claim = entries.get("coefficients.bin").clone();
        ByteBuffer.wrap(claim).putLong(claim.length - 7 - 8 - 4 * (int) original.parameters().length(), 1L << 40);
        assertEquals("its entry coefficients.bin has 1099511627776 values in 264 bytes (expected 4 bytes for each)", refusal("coefficients.bin", claim));
    }

    @Test
    void anArchiveThatUnfoldsIsRefused() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String name : List.of(CheckpointFile.INFO_ENTRY, "coefficients.bin")) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(new byte[32 << 20]);
                zip.closeEntry();
            }
        }
        String message = assertThrows(IOException.class, () -> read(out.toByteArray())).getMessage();
        assertEquals("its entry sknet.json has over " + out.size() + " bytes (expected at most " + out.size() + ")", message);
    }

    @Test
    void anEntryThatComesTwiceIsRefused() {
        byte[] twice = new String(whole, StandardCharsets.ISO_8859_1).replace("updaterState.bin", "coefficients.bin").getBytes(StandardCharsets.ISO_8859_1);
        assertEquals("it has the entry coefficients.bin twice", assertThrows(IOException.class, () -> read(twice)).getMessage());
    }

    @Test
    void aClassThatDescribesNoNetworkIsNotLoaded() {
        String json = original.configurationJson().replace("org.deeplearning4j.nn.conf.layers.OutputLayer", "com.sun.rowset.JdbcRowSetImpl");
        assertEquals("its configuration names the class com.sun.rowset.JdbcRowSetImpl (expected one of sknet.*, org.deeplearning4j.nn.*, org.nd4j.*)",
            refusal("configuration.json", json.getBytes(StandardCharsets.UTF_8)));
    }

    private static String refusal(String entry, byte[] content) {
        Map<String, byte[]> changed = new LinkedHashMap<>(entries);
        changed.put(entry, content);
        return assertThrows(IOException.class, () -> read(zipped(changed))).getMessage();
    }

    private static Checkpoint read(byte[] file) throws IOException {
        return CheckpointFile.read(new ByteArrayInputStream(file), file.length);
    }

    private static void assertSame(Checkpoint read) {
        assertEquals(original.info(), read.info());
        assertEquals(original.configurationJson(), read.configurationJson());
        assertEquals(original.parameters(), read.parameters());
        assertEquals(original.updaterState(), read.updaterState());
        assertEquals(original.averages(), read.averages());
    }

    private static Map<String, byte[]> unzipped(byte[] file) throws IOException {
        Map<String, byte[]> found = new LinkedHashMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(file))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                found.put(entry.getName(), in.readAllBytes());
            }
        }
        return found;
    }

    private static byte[] zipped(Map<String, byte[]> contents) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.setLevel(Deflater.NO_COMPRESSION);
            for (Map.Entry<String, byte[]> content : contents.entrySet()) {
                zip.putNextEntry(new ZipEntry(content.getKey()));
                zip.write(content.getValue());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
