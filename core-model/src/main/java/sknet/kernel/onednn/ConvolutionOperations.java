package sknet.kernel.onednn;

import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.desc;
import org.bytedeco.dnnl.primitive_attr;
import sknet.kernel.ConvolutionShape;

/** Makes the three operations of a convolution, on packed activations as they are. Weights and their gradients are float32. */
final class ConvolutionOperations {
    private final Device device;
    private final data_type type;
    private final ConvolutionShape shape;
    private final SourceMaps source;
    private final Weights weights;
    private final long[] targetDims;
    private final long[] strides;
    private final long[] dilates;
    private final long[] padding;

    ConvolutionOperations(Device device, ConvolutionShape shape, data_type type) {
        this.device = device;
        this.type = type;
        this.shape = shape;
        source = SourceMaps.of(shape);
        weights = Weights.mergedToVectors(shape, device.vector());
        ConvolutionShape seen = source.seen();
        targetDims = new long[] {seen.batch(), seen.outChannels(), seen.outHeight(), seen.outWidth()};
        strides = new long[] {seen.stride(), seen.stride()};
        dilates = new long[] {seen.dilation() - 1, seen.dilation() - 1};
        padding = new long[] {seen.padding(), seen.padding()};
    }

    /** Whether the input has positions that the convolution does not read, and so does not write as gradients. */
    boolean sparse() {
        return source.sparse();
    }

    Operation forward() {
        String name = "the forward pass of " + shape;
        return Operation.prepare(name, () -> {
            convolution_forward.primitive_desc d = forward(Operation.attributes());
            Operation operation = new Operation(device, name, d, new convolution_forward(d));
            operation.input(dnnl.DNNL_ARG_SRC, source.layout(type), d.src_desc());
            weights.read(operation, d.weights_desc());
            operation.output(dnnl.DNNL_ARG_DST, target(), d.dst_desc());
            return operation;
        });
    }

    Operation backwardData() {
        String name = "the data gradient of " + shape;
        return Operation.prepare(name, () -> {
            primitive_attr attributes = Operation.attributes();
            convolution_backward_data.primitive_desc d = new convolution_backward_data.primitive_desc(
                    new convolution_backward_data.desc(dnnl.algorithm.convolution_direct, wish(source.dims()),
                            Layouts.any(type, weights.dims()), wish(targetDims), strides, dilates, padding, padding),
                    attributes, device.engine(), forward(attributes));
            Operation operation = new Operation(device, name, d, new convolution_backward_data(d));
            operation.input(dnnl.DNNL_ARG_DIFF_DST, target(), d.diff_dst_desc());
            weights.read(operation, d.weights_desc());
            operation.output(dnnl.DNNL_ARG_DIFF_SRC, source.layout(type), d.diff_src_desc());
            return operation;
        });
    }

    Operation backwardWeights() {
        String name = "the weight gradient of " + shape;
        return Operation.prepare(name, () -> {
            primitive_attr attributes = Operation.attributes();
            convolution_backward_weights.primitive_desc d = new convolution_backward_weights.primitive_desc(
                    new convolution_backward_weights.desc(dnnl.algorithm.convolution_direct, wish(source.dims()),
                            Layouts.any(data_type.f32, weights.dims()), wish(targetDims), strides, dilates, padding, padding),
                    attributes, device.engine(), forward(attributes));
            Operation operation = new Operation(device, name, d, new convolution_backward_weights(d));
            operation.input(dnnl.DNNL_ARG_SRC, source.layout(type), d.src_desc());
            operation.input(dnnl.DNNL_ARG_DIFF_DST, target(), d.diff_dst_desc());
            weights.write(operation, d.diff_weights_desc());
            return operation;
        });
    }

    private convolution_forward.primitive_desc forward(primitive_attr attributes) {
        return new convolution_forward.primitive_desc(new convolution_forward.desc(dnnl.prop_kind.forward_training,
                dnnl.algorithm.convolution_direct, wish(source.dims()), Layouts.any(type, weights.dims()), wish(targetDims), strides, dilates,
                padding, padding), attributes, device.engine());
    }

    /** Packed, of images too, where oneDNN is fast on it, else what it chooses. */
    private desc wish(long[] dims) {
        return weights.fills(device.vector()) ? Layouts.packed(type, dims) : Layouts.any(type, dims);
    }

    private desc target() {
        return Layouts.activations(type, targetDims);
    }
}
