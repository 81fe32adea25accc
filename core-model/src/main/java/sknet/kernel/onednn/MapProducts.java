package sknet.kernel.onednn;

import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory.desc;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import sknet.kernel.ChannelShape;

/**
 * Makes operations that multiply maps: by one value a map, or by other maps. To oneDNN the images' channels are those of a single image, as
 * only then it broadcasts fast.
 */
record MapProducts(Device device, ChannelShape shape) {
    /** The argument that {@link #byMapPlus} adds. */
    static final int ADDEND = dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE | dnnl.DNNL_ARG_SRC_1;

    /** DST = SRC_0 * SRC_1, which is {@code [N, C]}. */
    Operation byMap() {
        return multiply("products with a value a map", perMap(), new post_ops());
    }

    /** DST += SRC_0 * SRC_1, which is {@code [N, C]}. */
    Operation byMapAdded() {
        post_ops sum = new post_ops();
        sum.append_sum();
        return multiply("a sum of products with a value a map", perMap(), sum);
    }

    /** DST = SRC_0 * SRC_1 + {@link #ADDEND}, which are {@code [N, C]}. */
    Operation byMapPlus() {
        post_ops addition = new post_ops();
        addition.append_binary(dnnl.algorithm.binary_add, perMap());
        return multiply("products with a value a map, and another added", perMap(), addition).bound(ADDEND, perMap());
    }

    /** DST = SRC_0 * SRC_1, both maps. */
    Operation byValue() {
        return multiply("products of maps", maps(), new post_ops());
    }

    private Operation multiply(String what, desc factor, post_ops then) {
        String name = what + " of " + shape;
        return Operation.prepare(name, () -> {
            primitive_attr attributes = Operation.attributes();
            attributes.set_post_ops(then);
            binary.primitive_desc d = new binary.primitive_desc(new binary.desc(dnnl.algorithm.binary_mul, maps(), factor, maps()),
                    attributes, device.engine());
            return new Operation(device, name, d, new binary(d)).bound(dnnl.DNNL_ARG_SRC_0, maps()).bound(dnnl.DNNL_ARG_SRC_1, factor)
                    .bound(dnnl.DNNL_ARG_DST, maps());
        });
    }

    /** The memory of {@code [N, C, H, W]}, as {@code [1, N * C, H, W]}. */
    private desc maps() {
        return folded(shape.height(), shape.width());
    }

    private desc perMap() {
        return folded(1, 1);
    }

    private desc folded(int height, int width) {
        long channels = (long) shape.batch() * shape.channels();
        // Whether maps are packed depends on the channels of one image.
        return device.packs(shape.channels()) ? device.activations(1, channels, height, width)
                : Layouts.dense(1, channels, height, width);
    }
}
