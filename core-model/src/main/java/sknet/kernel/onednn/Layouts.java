package sknet.kernel.onednn;

import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.desc;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.javacpp.LongPointer;
import org.nd4j.linalg.api.buffer.DataType;

/** oneDNN's descriptions of memory. */
final class Layouts {
    private Layouts() {}

    /** oneDNN's name of ND4J's type. */
    static data_type type(DataType type) {
        return switch (type) {
            case FLOAT -> data_type.f32;
            case BFLOAT16 -> data_type.bf16;
            default -> throw new IllegalArgumentException("Cannot compute on " + type + " with oneDNN (expected FLOAT or BFLOAT16)");
        };
    }

    /** Dense, c-order. */
    static desc dense(data_type type, long... shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int d = shape.length - 1; d >= 0; d--) {
            strides[d] = stride;
            stride *= shape[d];
        }
        return new desc(shape, type, strides);
    }

    /** Weights and their gradients as the caller has them: float32. */
    static desc weights(long... shape) {
        return dense(data_type.f32, shape);
    }

    static desc strided(long[] shape, long[] strides) {
        return new desc(shape, data_type.f32, strides);
    }

    /** Whatever oneDNN finds best for a primitive. */
    static desc any(data_type type, long... shape) {
        return new desc(shape, type, format_tag.any);
    }

    /**
     * Every {@code step}-th row and column of larger maps.
     *
     * @param thinned the layout of dense maps {@code [N, C, H, W]} of the size that is seen; changed and returned
     * @param whole   the layout of the maps that they are part of
     */
    static desc thinned(desc thinned, desc whole, int step) {
        LongPointer strides = new LongPointer(thinned.data().format_desc_blocking().strides());
        LongPointer of = new LongPointer(whole.data().format_desc_blocking().strides());
        strides.put(0, of.get(0)).put(1, of.get(1)).put(2, step * of.get(2)).put(3, step * of.get(3));
        return thinned;
    }
}
