package sknet.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The identity of a replica's parameters: SHA-256 over their float32 values, little-endian, in the order of the vector. */
public final class ParameterHash {

    private static final int CHUNK_FLOATS = 1 << 16;

    private ParameterHash() {
    }

    /** The hash of a flat vector, in lower-case hexadecimal. */
    public static String of(INDArray parameters) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Cannot hash: every Java platform has SHA-256", e);
        }
        float[] values = parameters.data().getFloatsAt(0, (int) parameters.length());
        ByteBuffer bytes = ByteBuffer.allocate(CHUNK_FLOATS * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int from = 0; from < values.length; from += CHUNK_FLOATS) {
            int floats = Math.min(CHUNK_FLOATS, values.length - from);
            bytes.clear().asFloatBuffer().put(values, from, floats);
            digest.update(bytes.array(), 0, floats * Float.BYTES);
        }
        return HexFormat.of().formatHex(digest.digest());
    }
}
