package sknet.checkpoint;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UTFDataFormatException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A vector as {@code Nd4j.write} writes it: a buffer of longs with the shape, then one of the values; before each how it is kept, its length and its
 * type; big-endian.
 *
 * <p>Departure from {@code Nd4j.read}: that one makes room for whatever length the bytes name, and believes strides that lead out of it.
 */
final class StoredVector {
    private static final String ALLOCATION = "MIXED_DATA_TYPES";
    private static final int MAX_RANK = 2;

    private StoredVector() {
    }

    /**
     * Reads a vector.
     *
     * @param entry for messages
     * @return float32 [n] or [1, n], as it was written
     * @throws IOException if the bytes are not exactly one such vector
     */
    static INDArray read(String entry, byte[] bytes) throws IOException {
        try {
            return parse(entry, bytes);
        } catch (EOFException | UTFDataFormatException e) {
            throw new IOException("its entry " + entry + " has " + bytes.length + " bytes that are no vector", e);
        }
    }

    private static INDArray parse(String entry, byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        long[] sizes = sizes(in, entry);
        long values = bufferLength(in, entry, DataType.FLOAT);
        if (values < 1 || values * (double) Float.BYTES != in.available()) {
            throw damaged(entry, values + " values in " + in.available() + " bytes (expected 4 bytes for each)");
        }
        if (sizes[sizes.length - 1] != values || sizes.length == MAX_RANK && sizes[0] != 1) {
            throw damaged(entry, "the shape " + Arrays.toString(sizes) + " (expected that of a vector of " + values + ", its values)");
        }
        float[] floats = new float[(int) values];
        ByteBuffer.wrap(bytes, bytes.length - in.available(), in.available()).asFloatBuffer().get(floats);
        return Nd4j.create(floats, sizes, DataType.FLOAT);
    }

    /** The buffer of the shape holds rank, sizes, strides, type, the stride of all elements and order. What follows from the sizes is passed over. */
    private static long[] sizes(DataInputStream in, String entry) throws IOException {
        long length = bufferLength(in, entry, DataType.LONG);
        long rank = in.readLong();
        if (rank < 1 || rank > MAX_RANK || length != 1 + 2 * rank + 3) {
            throw damaged(entry, "a shape of rank " + rank + " in " + length + " numbers (expected rank 1 in 6, or rank 2 in 8)");
        }
        long[] sizes = new long[(int) rank];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = in.readLong();
        }
        in.skipNBytes(Long.BYTES * (rank + 3));
        return sizes;
    }

    private static long bufferLength(DataInputStream in, String entry, DataType type) throws IOException {
        String allocation = in.readUTF();
        long length = in.readLong();
        String found = in.readUTF();
        if (!allocation.equals(ALLOCATION) || !found.equals(type.name())) {
            throw damaged(entry, "a buffer of " + allocation + " and " + found + " (expected " + ALLOCATION + " and " + type.name() + ")");
        }
        return length;
    }

    private static IOException damaged(String entry, String finding) {
        return new IOException("its entry " + entry + " has " + finding);
    }
}
