package sknet.kernel.onednn;

import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.desc;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.javacpp.LongPointer;

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
