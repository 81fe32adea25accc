package sknet.interchange;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Safetensors files for tests. */
final class WeightFiles {
    private WeightFiles() {}

    /** One of those that PyTorch wrote. */
    static Path pytorch(String name) {
        try {
            return Path.of(WeightFiles.class.getResource("/pytorch/" + name + ".safetensors").toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    static SafetensorsFile open(Path file) throws IOException {
        return SafetensorsFile.open(FileSystem.getLocal(new Configuration()), new org.apache.hadoop.fs.Path(file.toUri()));
    }

    /** A file of the tensors of another one, with its header changed. */
    static Path withHeader(Path original, Path copy, String target, String replacement) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(original)).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) bytes.getLong()];
        bytes.get(header);
        byte[] data = new byte[bytes.remaining()];
        bytes.get(data);
        String text = new String(header, StandardCharsets.UTF_8);
        if (!text.contains(target)) {
            throw new IllegalArgumentException("Cannot change the header: it has no " + target);
        }
        return write(copy, text.replace(target, replacement), data);
    }

    static Path write(Path file, String header, byte[] data) throws IOException {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return Files.write(file, ByteBuffer.allocate(Long.BYTES + text.length + data.length).order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length).put(text).put(data).array());
    }

    /** A tensor of a file that PyTorch wrote. */
    static INDArray tensor(String file, String name) {
        try (SafetensorsFile weights = open(pytorch(file))) {
            Tensor tensor = weights.tensors().get(name);
            return Nd4j.createFromArray(weights.floats(tensor)).reshape('c', tensor.shape().stream().mapToLong(Long::longValue).toArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same as doubles, for comparison. */
    static INDArray doubles(String file, String name) {
        return tensor(file, name).castTo(DataType.DOUBLE);
    }
}
