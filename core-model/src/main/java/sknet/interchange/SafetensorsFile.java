package sknet.interchange;

import java.io.Closeable;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A safetensors file: eight bytes with the header's length, the header, then the tensors' values. Only the header is kept in memory;
 * a tensor's values are read when they are asked for. Not thread safe.
 */
public final class SafetensorsFile implements Closeable {
    /** The format's own limit. */
    static final long MAX_HEADER_BYTES = 100_000_000;
    private static final int CHUNK_BYTES = 1 << 20;

    private final FileSystem fileSystem;
    private final Path path;
    private final FSDataInputStream stream;
    private final long dataStart;
    private final Map<String, Tensor> tensors;

    private SafetensorsFile(FileSystem fileSystem, Path path, FSDataInputStream stream, long fileBytes) throws IOException {
        this.fileSystem = fileSystem;
        this.path = path;
        this.stream = stream;
        byte[] header = header(stream, fileBytes);
        this.dataStart = (long) Long.BYTES + header.length;
        this.tensors = SafetensorsHeader.parse(header, fileBytes - dataStart);
    }

    /**
     * Opens a file and checks its header.
     *
     * @throws IOException if there is none, or it is damaged; the message names the file, and the tensor where it is one's fault
     */
    public static SafetensorsFile open(FileSystem fileSystem, Path path) throws IOException {
        Path qualified = fileSystem.makeQualified(path);
        FileStatus status;
        try {
            status = fileSystem.getFileStatus(qualified);
        } catch (FileNotFoundException e) {
            throw new FileNotFoundException("Cannot read weights " + qualified + ": there is no such file");
        }
        if (!status.isFile()) {
            throw new IOException("Cannot read weights " + qualified + ": it is a directory (expected a safetensors file)");
        }
        FSDataInputStream stream = fileSystem.open(qualified);
        try {
            return new SafetensorsFile(fileSystem, qualified, stream, status.getLen());
        } catch (IOException e) {
            try (stream) {
                throw new IOException("Cannot read weights " + qualified + ": " + e.getMessage(), e);
            }
        }
    }

    private static byte[] header(FSDataInputStream stream, long fileBytes) throws IOException {
        if (fileBytes < Long.BYTES) {
            throw new IOException("it has " + fileBytes + " bytes (expected a safetensors file of at least " + Long.BYTES + ")");
        }
        byte[] prefix = new byte[Long.BYTES];
        stream.readFully(0, prefix);
        long bytes = ByteBuffer.wrap(prefix).order(ByteOrder.LITTLE_ENDIAN).getLong();
        long limit = Math.min(fileBytes - Long.BYTES, MAX_HEADER_BYTES);
        if (bytes < 0 || bytes > limit) {
            throw new IOException("its header has " + Long.toUnsignedString(bytes)
                    + " bytes (expected a safetensors file, here with at most " + limit + ")");
        }
        byte[] header = new byte[(int) bytes];
        stream.readFully(Long.BYTES, header);
        return header;
    }

    /** The file's qualified path. */
    public Path path() {
        return path;
    }

    /** The tensors by name, in the order of their data. */
    public Map<String, Tensor> tensors() {
        return tensors;
    }

    /**
     * A tensor's values as float32, c-order.
     *
     * @param tensor one of this file's, whose type {@link TensorType#isFloat}
     * @throws IllegalArgumentException if it has more values than an array holds
     */
    public float[] floats(Tensor tensor) throws IOException {
        int valueBytes = tensor.type().bytes();
        long length = (tensor.end() - tensor.begin()) / valueBytes;
        if (length > Integer.MAX_VALUE - 8) {
            throw new IllegalArgumentException("Cannot read tensor '" + tensor.name() + "' of " + path + ": it has " + length
                    + " values (expected at most " + (Integer.MAX_VALUE - 8) + ")");
        }
        float[] values = new float[(int) length];
        ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK_BYTES, length * valueBytes)).order(ByteOrder.LITTLE_ENDIAN);
        int chunkValues = CHUNK_BYTES / valueBytes;
        for (int from = 0; from < values.length; from += chunkValues) {
            int to = Math.min(values.length, from + chunkValues);
            stream.readFully(dataStart + tensor.begin() + (long) from * valueBytes, chunk.array(), 0, (to - from) * valueBytes);
            chunk.clear();
            for (int i = from; i < to; i++) {
                values[i] = tensor.type().next(chunk);
            }
        }
        return values;
    }

    /** SHA-256 of the whole file in lower-case hexadecimal: where weights came from. Reads all of it. */
    public String sha256() throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot hash: every Java platform has SHA-256", e);
        }
        try (InputStream whole = new DigestInputStream(fileSystem.open(path), digest)) {
            whole.transferTo(OutputStream.nullOutputStream());
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() throws IOException {
        stream.close();
    }
}
