package sknet.kernel.onednn;

import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.desc;
import org.bytedeco.dnnl.memory.format_tag;

/** oneDNN's descriptions of float memory. */
final class Layouts {
    private Layouts() {}

    /** Dense, c-order. */
    static desc dense(long... shape) {
        long[] strides = new long[shape.length];
        long stride = 1;
        for (int d = shape.length - 1; d >= 0; d--) {
            strides[d] = stride;
            stride *= shape[d];
        }
        return strided(shape, strides);
    }

    static desc strided(long[] shape, long[] strides) {
        return new desc(shape, data_type.f32, strides);
    }

    /** Whatever oneDNN finds best for a primitive. */
    static desc any(long... shape) {
        return new desc(shape, data_type.f32, format_tag.any);
    }

    static desc of(format_tag tag, long... shape) {
        return new desc(shape, data_type.f32, tag);
    }
}
