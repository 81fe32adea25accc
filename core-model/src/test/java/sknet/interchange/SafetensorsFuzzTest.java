package sknet.interchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.fuzz.Fuzzing;
import sknet.fuzz.Fuzzing.Finding;
import sknet.fuzz.Mutations;

/** Whatever becomes of a safetensors file, its tensors cover its data, or it is refused with a reason. */
class SafetensorsFuzzTest {
    @TempDir
    private Path directory;
    private FileSystem local;

    @BeforeEach
    void open() throws IOException {
        local = FileSystem.getLocal(new Configuration()).getRawFileSystem();
    }

    @Test
    void aDamagedFileIsReadWithinItsBoundsOrRefused() throws IOException {
        byte[] data = "the tensors' bytes, all thirty".substring(0, 30).getBytes(StandardCharsets.US_ASCII);
        byte[] whole = Files.readAllBytes(WeightFiles.write(directory.resolve("whole"), """
            {"__metadata__": {"format": "pt"},
             "half": {"dtype": "F16", "shape": [7], "data_offsets": [0, 14]},
             "brain": {"dtype": "BF16", "shape": [2, 1], "data_offsets": [14, 18]},
             "single": {"dtype": "F32", "shape": [1], "data_offsets": [18, 22]},
             "double": {"dtype": "F64", "shape": [], "data_offsets": [22, 30]}}""", data));
        int header = (int) ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getLong();
        Mutations anywhere = new Mutations(1, List.of(whole));
        Mutations inTheHeader = new Mutations(2, List.of(Arrays.copyOfRange(whole, 8, 8 + header)));
        List<List<Float>> original = tensors(whole);
        new Fuzzing("safetensors files", List.of(IOException.class), 4 << 20, 64).run(
            // Every other with a length that fits, so that the header is looked at.
            number -> number % 2 == 0 ? anywhere.copy(number) : file(inTheHeader.copy(number), data),
            file -> tensors(file).equals(original) ? Finding.EQUAL : Finding.OTHER);
    }

    private List<List<Float>> tensors(byte[] content) throws IOException {
        Path file = Files.write(directory.resolve("damaged"), content);
        List<List<Float>> values = new ArrayList<>();
        try (SafetensorsFile weights = SafetensorsFile.open(local, new org.apache.hadoop.fs.Path(file.toUri()))) {
            for (Tensor tensor : weights.tensors().values()) {
                if (tensor.type().isFloat()) {
                    List<Float> floats = new ArrayList<>();
                    for (float value : weights.floats(tensor)) {
                        floats.add(value);
                    }
                    values.add(floats);
                }
            }
        }
        return values;
    }

    private static byte[] file(byte[] header, byte[] data) {
        return ByteBuffer.allocate(8 + header.length + data.length).order(ByteOrder.LITTLE_ENDIAN).putLong(header.length).put(header).put(data).array();
    }
}
