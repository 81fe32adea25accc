package sknet.checkpoint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The checkpoint's format: DL4J's own model archive, so that {@link ModelSerializer#restoreComputationGraph} opens it, and
 * one entry more, {@value #INFO_ENTRY}, or two, {@value #AVERAGES_ENTRY}. Entries are not compressed: weights hardly shrink, and
 * deflating costs seconds.
 */
final class CheckpointFile {

    static final String INFO_ENTRY = "sknet.json";
    static final String AVERAGES_ENTRY = "averages.bin";
    private static final int MAX_TEXT_BYTES = 64 << 20;
    private static final Set<String> TEXTS = Set.of(INFO_ENTRY, ModelSerializer.CONFIGURATION_JSON);
    private static final Set<String> ENTRIES = Set.of(INFO_ENTRY, ModelSerializer.CONFIGURATION_JSON, ModelSerializer.COEFFICIENTS_BIN,
        ModelSerializer.UPDATER_BIN, AVERAGES_ENTRY);
    private static final ObjectMapper JSON = new ObjectMapper();

    private CheckpointFile() {
    }

    static void write(OutputStream stream, ComputationGraph network, Optional<INDArray> averages, CheckpointInfo info) throws IOException {
        ZipOutputStream zip = new ZipOutputStream(new BufferedOutputStream(stream, 1 << 20));
        zip.setLevel(Deflater.NO_COMPRESSION);
        writeEntry(zip, INFO_ENTRY, JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(info));
        writeEntry(zip, ModelSerializer.CONFIGURATION_JSON,
            network.getConfiguration().toJson().getBytes(StandardCharsets.UTF_8));
        writeEntry(zip, ModelSerializer.COEFFICIENTS_BIN, network.params());
        INDArray state = network.getUpdater().getStateViewArray();
        if (state != null && !state.isEmpty()) {
            writeEntry(zip, ModelSerializer.UPDATER_BIN, state);
        }
        if (averages.isPresent()) {
            writeEntry(zip, AVERAGES_ENTRY, averages.get());
        }
        zip.finish();
        zip.flush();
    }

    private static void writeEntry(ZipOutputStream zip, String name, byte[] bytes) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(bytes);
        zip.closeEntry();
    }

    private static void writeEntry(ZipOutputStream zip, String name, INDArray array) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        // ND4J writes value by value, and each write to a zip costs as much as one of many values.
        DataOutputStream data = new DataOutputStream(new BufferedOutputStream(zip, 1 << 16));
        Nd4j.write(array, data);
        data.flush();
        zip.closeEntry();
    }

    /**
     * Reads a whole checkpoint. Each entry's CRC is verified before its bytes are believed.
     *
     * @throws IOException with the reason, if it is not a whole checkpoint of this format
     */
    static Checkpoint read(InputStream stream, long fileBytes) throws IOException {
        Map<String, byte[]> entries = readEntries(stream, fileBytes);
        CheckpointInfo info = parseInfo(required(entries, INFO_ENTRY));
        String configuration = NetworkConfiguration.checked(required(entries, ModelSerializer.CONFIGURATION_JSON));
        INDArray parameters = readArray(entries, ModelSerializer.COEFFICIENTS_BIN);
        checkHash("parameters", parameters, info.parametersSha256());
        INDArray state = readArray(entries, ModelSerializer.UPDATER_BIN);
        return new Checkpoint(info, configuration, parameters, state, readAverages(entries, info, parameters));
    }

    /** What is known of an archive's entries. They are not compressed: together they are no larger than the file. */
    private static Map<String, byte[]> readEntries(InputStream stream, long fileBytes) throws IOException {
        Map<String, byte[]> entries = new HashMap<>();
        long left = fileBytes;
        try (ZipInputStream zip = new ZipInputStream(stream)) {
            for (ZipEntry entry = nextEntry(zip); entry != null; entry = nextEntry(zip)) {
                if (!ENTRIES.contains(entry.getName())) {
                    continue;
                }
                byte[] bytes = readBounded(zip, entry.getName(), Math.min(left, mostBytes(entry.getName())));
                if (entries.put(entry.getName(), bytes) != null) {
                    throw new IOException("it has the entry " + entry.getName() + " twice");
                }
                left -= bytes.length;
            }
        } catch (EOFException e) {
            throw cutShort(e);
        }
        return entries;
    }

    private static long mostBytes(String entry) {
        return TEXTS.contains(entry) ? MAX_TEXT_BYTES : Long.MAX_VALUE;
    }

    /**
     * Reads only what a checkpoint says of itself, which comes first in it.
     *
     * @throws IOException with the reason, if there is no such thing; the rest of the file may be damaged
     */
    static CheckpointInfo readInfo(InputStream stream) throws IOException {
        try (ZipInputStream zip = new ZipInputStream(stream)) {
            ZipEntry entry = nextEntry(zip);
            if (entry == null || !entry.getName().equals(INFO_ENTRY)) {
                throw new IOException("its first entry is not " + INFO_ENTRY);
            }
            return parseInfo(readBounded(zip, INFO_ENTRY, MAX_TEXT_BYTES));
        } catch (EOFException e) {
            throw cutShort(e);
        }
    }

    private static ZipEntry nextEntry(ZipInputStream zip) throws IOException {
        try {
            return zip.getNextEntry();
        } catch (IllegalArgumentException e) {
            throw new IOException("the name of an entry is damaged: " + e.getMessage(), e);
        }
    }

    private static IOException cutShort(EOFException cause) {
        return new IOException("it is cut short", cause);
    }

    private static Optional<INDArray> readAverages(Map<String, byte[]> entries, CheckpointInfo info, INDArray parameters) throws IOException {
        if (info.averagesSha256() == null) {
            return Optional.empty();
        }
        INDArray averages = readArray(entries, AVERAGES_ENTRY);
        if (averages.length() != parameters.length()) {
            throw new IOException("it has averages of " + averages.length() + " parameters (expected " + parameters.length() + ")");
        }
        checkHash("averages", averages, info.averagesSha256());
        return Optional.of(averages);
    }

    private static void checkHash(String what, INDArray values, String expected) throws IOException {
        String hash = ParameterHash.of(values);
        if (!hash.equals(expected)) {
            throw new IOException("its " + what + " have SHA-256 " + hash + " (expected " + expected + ")");
        }
    }

    private static byte[] readBounded(InputStream stream, String name, long maxBytes) throws IOException {
        byte[] bytes = stream.readNBytes((int) Math.min(maxBytes, Integer.MAX_VALUE - 8));
        if (stream.read() >= 0) {
            throw new IOException("its entry " + name + " has over " + bytes.length + " bytes (expected at most " + maxBytes + ")");
        }
        return bytes;
    }

    private static byte[] required(Map<String, byte[]> entries, String name) throws IOException {
        byte[] bytes = entries.get(name);
        if (bytes == null) {
            throw new IOException("it has no entry " + name);
        }
        return bytes;
    }

    private static CheckpointInfo parseInfo(byte[] json) throws IOException {
        CheckpointInfo info;
        try {
            info = JSON.readValue(json, CheckpointInfo.class);
        } catch (JsonProcessingException e) {
            throw new IOException("its " + INFO_ENTRY + " is damaged: " + e.getOriginalMessage(), e);
        }
        if (info.formatVersion() != CheckpointInfo.FORMAT_VERSION) {
            throw new IOException("its format version is " + info.formatVersion() + " (expected "
                + CheckpointInfo.FORMAT_VERSION + ")");
        }
        return info;
    }

    private static INDArray readArray(Map<String, byte[]> entries, String name) throws IOException {
        return StoredVector.read(name, required(entries, name));
    }
}
