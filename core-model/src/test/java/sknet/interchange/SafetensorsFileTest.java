package sknet.interchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SafetensorsFileTest {
    /** Of what numbers and structure are made. */
    private static final String JSON = "0123456789[]{}\":,-.e";
    @TempDir
    private Path directory;

    @Test
    void everyFloatingPointTypeIsReadAsFloat32() throws IOException {
        byte[] data = ByteBuffer.allocate(2 * 7 + 2 * 2 + 4 + 8).order(ByteOrder.LITTLE_ENDIAN)
                .putShort((short) 0x3c00).putShort((short) 0xc248).putShort((short) 0x0001).putShort((short) 0x8400)
                .putShort((short) 0x7bff).putShort((short) 0xfc00).putShort((short) 0x7e00)
                .putShort((short) 0x3f80).putShort((short) 0xc049).putFloat(0.1f).putDouble(0.1).array();
        Path file = WeightFiles.write(directory.resolve("types"), """
                {"__metadata__": {"format": "pt"},
                 "double": {"dtype": "F64", "shape": [], "data_offsets": [22, 30]},
                 "half": {"dtype": "F16", "shape": [7], "data_offsets": [0, 14]},
                 "brain": {"dtype": "BF16", "shape": [2, 1], "data_offsets": [14, 18]},
                 "none": {"dtype": "I64", "shape": [3, 0], "data_offsets": [18, 18]},
                 "single": {"dtype": "F32", "shape": [1], "data_offsets": [18, 22]}}""", data);
        try (SafetensorsFile weights = WeightFiles.open(file)) {
            assertEquals(List.of("half", "brain", "none", "single", "double"), List.copyOf(weights.tensors().keySet()));
            assertEquals(new Tensor("brain", TensorType.BF16, List.of(2L, 1L), 14, 18), weights.tensors().get("brain"));
            assertArrayEquals(new float[] {1, -3.140625f, 0x1p-24f, -0x1p-14f, 65504, Float.NEGATIVE_INFINITY, Float.NaN},
                    floats(weights, "half"));
            assertArrayEquals(new float[] {1, -3.140625f}, floats(weights, "brain"));
            assertArrayEquals(new float[] {0.1f}, floats(weights, "single"));
            assertArrayEquals(new float[] {0.1f}, floats(weights, "double"));
        }
    }

    @Test
    void aTensorLargerThanTheBufferIsReadWhole() throws IOException {
        int values = (1 << 18) + 3;
        ByteBuffer data = ByteBuffer.allocate(4 * values).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < values; i++) {
            data.putFloat(i);
        }
        Path file = WeightFiles.write(directory.resolve("large"),
                "{\"x\": {\"dtype\": \"F32\", \"shape\": [" + values + "], \"data_offsets\": [0, " + 4 * values + "]}}", data.array());
        try (SafetensorsFile weights = WeightFiles.open(file)) {
            float[] read = floats(weights, "x");
            for (int i = 0; i < values; i++) {
                assertEquals(i, read[i]);
            }
        }
    }

    @Test
    void theDigestIsOfTheWholeFile() throws IOException {
        try (SafetensorsFile weights = WeightFiles.open(Files.writeString(directory.resolve("empty"), "\2\0\0\0\0\0\0\0{}"))) {
            assertEquals("411a485216e432ece6b9af94fa32154cf79a2a56d4f81266baa50063f45092bd", weights.sha256());
        }
    }

    /** Each has eight bytes of data; 'at' is short for data_offsets. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "[]                  | its header is no JSON object (expected a safetensors file)",
        "{} {}               | its header goes on behind the JSON object (expected nothing but blanks)",
        "{}                  | 8 bytes follow the last tensor (expected none)",
        "{'x': null}         | tensor 'x' has no entry (expected dtype, shape and data_offsets)",
        "{'x': {'dtype': 'F33', 'shape': [2], 'at': [0, 8]}} | tensor 'x' has type F33 (expected one of "
            + "[BOOL, U8, I8, F8_E5M2, F8_E4M3, I16, U16, I32, U32, I64, U64, C64, F16, BF16, F32, F64])",
        "{'x': {'dtype': 'F32', 'shape': [null], 'at': [0, 8]}} | tensor 'x' has shape [null] (expected numbers from 0)",
        "{'x': {'dtype': 'F32', 'shape': [-2], 'at': [0, 8]}} | tensor 'x' has shape [-2] (expected numbers from 0)",
        "{'x': {'dtype': 'F32', 'shape': [2], 'at': [8]}}     | tensor 'x' has data_offsets [8] (expected begin and end, from 0)",
        "{'x': {'dtype': 'F32', 'shape': [2], 'at': [8, 0]}}  | tensor 'x' has data_offsets [8, 0] (expected begin and end, from 0)",
        "{'x': {'dtype': 'F32', 'shape': [2], 'at': [-8, 0]}} | tensor 'x' has data_offsets [-8, 0] (expected begin and end, from 0)",
        "{'x': {'dtype': 'F32', 'shape': [3], 'at': [0, 8]}}  | tensor 'x' has 8 bytes of data (expected 12 for F32 [3])",
        "{'x': {'dtype': 'F32', 'shape': [3], 'at': [0, 12]}} | tensor 'x' ends at byte 12 of the data (expected at most 8, the file's end)",
        "{'x': {'dtype': 'F32', 'shape': [1], 'at': [4, 8]}}  | tensor 'x' begins at byte 4 of the data (expected 0, where the header ends)",
        "{'x': {'dtype': 'F32', 'shape': [1], 'at': [0, 4]}}  | 4 bytes follow the last tensor (expected none)",
        "{'x': {'dtype': 'F32', 'shape': [4294967296, 4294967296], 'at': [0, 8]}} | tensor 'x' has shape [4294967296, 4294967296] "
            + "(expected less than 2^63 bytes)",
        "{'x': {'dtype': 'F32', 'shape': [1], 'at': [0, 4]}, 'y': {'dtype': 'F16', 'shape': [3], 'at': [2, 8]}} "
            + "| tensor 'y' begins at byte 2 of the data (expected 4, where tensor 'x' ends)"})
    void aDamagedHeaderIsToldWithTheTensor(String header, String message) throws IOException {
        assertEquals("Cannot read weights file:" + directory + "/x: " + message, refusal(json(header), new byte[8]));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{'x': {'dtype': 'F32', 'shape': [2.5], 'at': [0, 8]}}                | its header is damaged at tensor 'x': ",
        "{'x': {'dtype': 'F32', 'shape': ['2'], 'at': [0, 8]}}                | its header is damaged at tensor 'x': ",
        "{'x': {'dtype': 'F32', 'shape': [99999999999999999999], 'at': [0, 8]}} | its header is damaged at tensor 'x': ",
        "{'x': {'dtype': 'F32', 'at': [0, 8]}}                                | its header is damaged at tensor 'x': ",
        "{'x': {'dtype': 'F32', 'shape': [2], 'at': [0, 8]                    | its header is damaged at tensor 'x': ",
        "{'x': {'dtype': 'F32', 'shape': [2], 'at': [0, 8]}, 'x': {}}         | its header is damaged: Duplicate field 'x'",
        "{'x'                                                                           | its header is damaged: "})
    void whatIsNoJsonOfTheFormIsToldAsTheParserTellsIt(String header, String start) throws IOException {
        String message = refusal(json(header), new byte[8]);
        assertTrue(message.startsWith("Cannot read weights file:" + directory + "/x: " + start), message);
    }

    @Test
    void aLengthThatCannotBeIsNotBelieved() throws IOException {
        assertEquals("Cannot read weights file:" + directory + "/x: it has 3 bytes (expected a safetensors file of at least 8)",
                refusal(new byte[3]));
        assertEquals("Cannot read weights file:" + directory + "/x: its header has 7 bytes (expected a safetensors file, here with at most 6)",
                refusal(new byte[] {7, 0, 0, 0, 0, 0, 0, 0, '{', '}', ' ', ' ', ' ', ' '}));
        assertEquals("Cannot read weights file:" + directory + "/x: its header has 18446744073709551615 bytes "
                + "(expected a safetensors file, here with at most 0)", refusal(new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}));
        assertEquals("Cannot read weights file:" + directory + "/x: its header has 578721382704613384 bytes "
                + "(expected a safetensors file, here with at most 2)", refusal(new byte[] {8, 8, 8, 8, 8, 8, 8, 8, '{', '}'}));
        Path sparse = directory.resolve("sparse");
        try (RandomAccessFile file = new RandomAccessFile(sparse.toFile(), "rw")) {
            file.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(100_000_001).array());
            file.setLength(200_000_000);
        }
        assertEquals("Cannot read weights file:" + sparse + ": its header has 100000001 bytes "
                + "(expected a safetensors file, here with at most 100000000)",
                assertThrows(IOException.class, () -> WeightFiles.open(sparse)).getMessage());
    }

    @Test
    void whatIsNoFileIsTold() throws IOException {
        assertEquals("Cannot read weights file:" + directory + "/none: there is no such file",
                assertThrows(IOException.class, () -> WeightFiles.open(directory.resolve("none"))).getMessage());
        Path folder = directory.resolve("folder");
        Files.createDirectory(folder);
        assertEquals("Cannot read weights file:" + folder + "/: it is a directory (expected a safetensors file)",
                assertThrows(IOException.class, () -> WeightFiles.open(folder)).getMessage());
    }

    /** Whatever a byte of the header is changed to, the file is read or refused, by nothing but an error of reading. */
    @Test
    void noDamageOfTheHeaderEndsInAnotherError() throws IOException {
        byte[] whole = Files.readAllBytes(WeightFiles.pytorch("resnext"));
        int end = 8 + (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        Random random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 1000; i++) {
            byte[] header = Arrays.copyOfRange(whole, 8, end);
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                int value = random.nextBoolean() ? random.nextInt(256) : JSON.charAt(random.nextInt(JSON.length()));
                header[random.nextInt(header.length)] = (byte) value;
            }
            try {
                for (Tensor tensor : SafetensorsHeader.parse(header, whole.length - end).values()) {
                    assertEquals(tensor.shape().stream().reduce(1L, (a, b) -> a * b) * tensor.type().bytes(), tensor.end() - tensor.begin());
                }
            } catch (IOException e) {
                refused++;
            }
        }
        assertTrue(refused > 300, refused + " of 1000 were refused");
    }

    private static String json(String header) {
        return header.replace('\'', '"').replace("\"at\"", "\"data_offsets\"");
    }

    private String refusal(String header, byte[] data) throws IOException {
        Path file = WeightFiles.write(directory.resolve("x"), header, data);
        return assertThrows(IOException.class, () -> WeightFiles.open(file)).getMessage();
    }

    private String refusal(byte[] bytes) throws IOException {
        Path file = Files.write(directory.resolve("x"), bytes);
        return assertThrows(IOException.class, () -> WeightFiles.open(file)).getMessage();
    }

    private static float[] floats(SafetensorsFile weights, String name) throws IOException {
        return weights.floats(weights.tensors().get(name));
    }
}
