package sknet.kernel.vector;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.BytePointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The native memory of dense arrays. */
final class Memory {
    private Memory() {}

    /** @throws IllegalArgumentException for more than a buffer holds */
    static ByteBuffer bytes(INDArray array) {
        long bytes = array.length() * array.dataType().width();
        if (bytes > Integer.MAX_VALUE) {
            throw new IllegalArgumentException("Cannot compute on an array of " + bytes + " bytes (expected less than 2 GiB: a smaller micro-batch)");
        }
        return new BytePointer(array.data().addressPointer()).capacity(bytes).asByteBuffer().order(Lanes.ORDER);
    }

    static ByteBuffer[] of(INDArray... arrays) {
        ByteBuffer[] buffers = new ByteBuffer[arrays.length];
        for (int i = 0; i < arrays.length; i++) {
            buffers[i] = bytes(arrays[i]);
        }
        return buffers;
    }

    /** A vector of float32. */
    static FloatBuffer floats(INDArray vector) {
        return bytes(vector).asFloatBuffer();
    }
}
