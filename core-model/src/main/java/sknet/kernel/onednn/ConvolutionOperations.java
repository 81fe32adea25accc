package sknet.kernel.onednn;

import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory.desc;
import org.bytedeco.dnnl.primitive_attr;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.onednn.Scratch.Side;

/** Makes the three operations of a convolution, in the layouts that were measured to be the fastest from and to plain maps. */
final class ConvolutionOperations {
    private final Device device;
    private final Scratch scratch;
    private final ConvolutionShape shape;
    private final SourceMaps source;
    private final long[] targetDims;
    private final long[] strides;
    private final long[] dilates;
    private final long[] padding;

    ConvolutionOperations(Device device, Scratch scratch, ConvolutionShape shape) {
        this.device = device;
        this.scratch = scratch;
        this.shape = shape;
        source = SourceMaps.of(shape);
        ConvolutionShape seen = source.seen();
        targetDims = new long[] {seen.batch(), seen.outChannels(), seen.outHeight(), seen.outWidth()};
        strides = new long[] {seen.stride(), seen.stride()};
        dilates = new long[] {seen.dilation() - 1, seen.dilation() - 1};
        padding = new long[] {seen.padding(), seen.padding()};
    }

    Operation forward() {
        String name = "the forward pass of " + shape;
        return Operation.prepare(name, () -> {
            Weights weights = new Weights(shape, 1);
            convolution_forward.primitive_desc d = forward(weights, Operation.attributes());
            Operation operation = new Operation(device, name, d, new convolution_forward(d));
            input(operation, dnnl.DNNL_ARG_SRC, Side.SOURCE, d.src_desc());
            weights.read(operation, d.weights_desc());
            output(operation, dnnl.DNNL_ARG_DST, Side.TARGET, d.dst_desc());
            return operation;
        });
    }

    Operation backwardData() {
        String name = "the data gradient of " + shape;
        return Operation.prepare(name, () -> {
            Weights weights = new Weights(shape, 1);
            primitive_attr attributes = Operation.attributes();
            convolution_backward_data.primitive_desc d = new convolution_backward_data.primitive_desc(
                    new convolution_backward_data.desc(dnnl.algorithm.convolution_direct, wish(source.dims()),
                            Layouts.any(weights.dims()), wish(targetDims), strides, dilates, padding, padding),
                    attributes, device.engine(), forward(weights, attributes));
            Operation operation = new Operation(device, name, d, new convolution_backward_data(d));
            input(operation, dnnl.DNNL_ARG_DIFF_DST, Side.TARGET, d.diff_dst_desc());
            weights.read(operation, d.weights_desc());
            output(operation, dnnl.DNNL_ARG_DIFF_SRC, Side.SOURCE, d.diff_src_desc());
            return operation;
        });
    }

    Operation backwardWeights() {
        String name = "the weight gradient of " + shape;
        return Operation.prepare(name, () -> {
            Weights weights = Weights.mergedToVectors(shape);
            primitive_attr attributes = Operation.attributes();
            convolution_backward_weights.primitive_desc d = new convolution_backward_weights.primitive_desc(
                    new convolution_backward_weights.desc(dnnl.algorithm.convolution_direct, wish(source.dims()),
                            Layouts.any(weights.dims()), wish(targetDims), strides, dilates, padding, padding),
                    attributes, device.engine(), forward(weights, attributes));
            Operation operation = new Operation(device, name, d, new convolution_backward_weights(d));
            input(operation, dnnl.DNNL_ARG_SRC, Side.SOURCE, d.src_desc());
            input(operation, dnnl.DNNL_ARG_DIFF_DST, Side.TARGET, d.diff_dst_desc());
            weights.write(operation, d.diff_weights_desc());
            return operation;
        });
    }

    private convolution_forward.primitive_desc forward(Weights weights, primitive_attr attributes) {
        return new convolution_forward.primitive_desc(new convolution_forward.desc(dnnl.prop_kind.forward_training,
                dnnl.algorithm.convolution_direct, wish(source.dims()), Layouts.any(weights.dims()), wish(targetDims), strides, dilates,
                padding, padding), attributes, device.engine());
    }

    private desc wish(long[] dims) {
        return shape.kernel() == 1 ? Layouts.dense(dims) : Layouts.any(dims);
    }

    private void input(Operation operation, int argument, Side side, desc wanted) {
        desc caller = caller(side);
        if (caller.equals(wanted)) {
            operation.bound(argument, caller);
        } else {
            operation.input(argument, caller, scratch.of(side, wanted));
        }
    }

    private void output(Operation operation, int argument, Side side, desc wanted) {
        desc caller = caller(side);
        if (caller.equals(wanted)) {
            operation.bound(argument, caller);
        } else {
            operation.output(argument, caller, scratch.of(side, wanted));
        }
    }

    private desc caller(Side side) {
        return side == Side.SOURCE ? source.layout() : Layouts.dense(targetDims);
    }
}
