package sknet.kernel.onednn;

import org.bytedeco.dnnl.convolution_backward_data;
import org.bytedeco.dnnl.convolution_backward_weights;
import org.bytedeco.dnnl.convolution_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.desc;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.nd4j.linalg.api.buffer.DataType;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Kernels;
import sknet.kernel.Rectifier;
import sknet.kernel.Store;
import sknet.kernel.vector.WeightTiles;

/** Makes the three operations of a convolution, on packed activations as they are. Weights and their gradients are float32. */
final class ConvolutionOperations {
    /** The name of what is added to a folded convolution: the second source of its first post-operation. */
    static final int ADDEND = dnnl.DNNL_ARG_ATTR_MULTIPLE_POST_OP_BASE | dnnl.DNNL_ARG_SRC_1;

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
        padding = new long[] {seen.paddingHeight(), seen.paddingWidth()};
    }

    /** The caller's input, or its gradient. */
    private desc sourceLayout() {
        return source.layout(device, shape.inChannels() < Kernels.PACKED_CHANNELS ? data_type.f32 : type);
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
            operation.input(dnnl.DNNL_ARG_SRC, sourceLayout(), d.src_desc());
            readWeights(operation, d.weights_desc(), tag(format_tag.OIhw16i16o, format_tag.OIhw8i16o2i), tiles()::packByOutput);
            operation.output(dnnl.DNNL_ARG_DST, target(), d.dst_desc());
            return operation;
        });
    }

    /** Evaluation's, with a shift as bias, an addend, and a rectifier; the weights and the shift stay. */
    Operation folded(Rectifier rectifier, Store store) {
        String name = "the folded forward pass of " + shape;
        return Operation.prepare(name, () -> {
            // What is added must have the layout of what it is added to.
            desc summed = wish(targetDims);
            if (store == Store.ADD && summed.data().format_kind() == dnnl.dnnl_format_kind_any) {
                summed = target();
            }
            post_ops fused = new post_ops();
            if (store == Store.ADD) {
                fused.append_binary(dnnl.algorithm.binary_add, summed);
            }
            if (rectifier == Rectifier.RELU) {
                fused.append_eltwise(1, dnnl.algorithm.eltwise_relu, 0, 0);
            }
            primitive_attr attributes = Operation.attributes();
            attributes.set_post_ops(fused);
            desc shift = Layouts.weights(shape.outChannels());
            convolution_forward.primitive_desc d = new convolution_forward.primitive_desc(new convolution_forward.desc(
                    dnnl.prop_kind.forward_inference, dnnl.algorithm.convolution_direct, wish(source.dims()), Layouts.any(type, weights.dims()),
                    shift, summed, strides, dilates, padding, padding), attributes, device.engine());
            Operation operation = new Operation(device, name, d, new convolution_forward(d));
            operation.input(dnnl.DNNL_ARG_SRC, sourceLayout(), d.src_desc());
            weights.keep(operation, d.weights_desc());
            memory kept = operation.allocate(shift);
            operation.argument(dnnl.DNNL_ARG_BIAS, kept);
            operation.preparedFrom(dnnl.DNNL_ARG_BIAS, shift, kept);
            if (store == Store.ADD) {
                operation.input(ADDEND, target(), summed);
            }
            operation.output(dnnl.DNNL_ARG_DST, target(), d.dst_desc());
            return operation;
        });
    }

    Operation backwardData(Store store) {
        boolean sameLayouts = device.packsBlocks(shape.inChannels()) && device.packsBlocks(shape.outChannels());
        return store == Store.ADD && isProduct() && sameLayouts ? addedProduct() : gradient(store);
    }

    /** Whether pixels do not see each other: then the data gradient is a convolution itself, with the weights transposed. */
    private boolean isProduct() {
        return shape.isPointwise() && shape.stride() == 1 && shape.groups() == 1;
    }

    private Operation addedProduct() {
        String name = "the added data gradient of " + shape;
        return Operation.prepare(name, () -> {
            post_ops sum = new post_ops();
            sum.append_sum();
            primitive_attr attributes = Operation.attributes();
            attributes.set_post_ops(sum);
            long[] transposed = {shape.inChannels(), shape.outChannels(), 1, 1};
            convolution_forward.primitive_desc d = new convolution_forward.primitive_desc(new convolution_forward.desc(
                    dnnl.prop_kind.forward_training, dnnl.algorithm.convolution_direct, target(), Layouts.any(type, transposed),
                    sourceLayout(), strides, dilates, padding, padding), attributes, device.engine());
            Operation operation = new Operation(device, name, d, new convolution_forward(d));
            operation.bound(dnnl.DNNL_ARG_DIFF_DST, dnnl.DNNL_ARG_SRC, target());
            desc caller = Layouts.strided(transposed, new long[] {1, shape.inChannels(), 1, 1});
            if (hasTiles() && d.weights_desc().equals(new desc(transposed, type, tag(format_tag.OIhw16i16o, format_tag.OIhw8i16o2i)))) {
                operation.convertedInput(dnnl.DNNL_ARG_WEIGHTS, caller, d.weights_desc(), tiles()::packByInput);
            } else {
                operation.input(dnnl.DNNL_ARG_WEIGHTS, caller, d.weights_desc());
            }
            return operation.bound(dnnl.DNNL_ARG_DIFF_SRC, dnnl.DNNL_ARG_DST, sourceLayout());
        });
    }

    private Operation gradient(Store store) {
        String name = "the data gradient of " + shape;
        return Operation.prepare(name, () -> {
            primitive_attr attributes = Operation.attributes();
            convolution_backward_data.primitive_desc d = new convolution_backward_data.primitive_desc(
                    new convolution_backward_data.desc(dnnl.algorithm.convolution_direct, wish(source.dims()),
                            Layouts.any(type, weights.dims()), wish(targetDims), strides, dilates, padding, padding),
                    attributes, device.engine(), forward(attributes));
            Operation operation = new Operation(device, name, d, new convolution_backward_data(d));
            operation.input(dnnl.DNNL_ARG_DIFF_DST, target(), d.diff_dst_desc());
            readWeights(operation, d.weights_desc(), tag(format_tag.IOhw16o16i, format_tag.IOhw8o16i2o), tiles()::packByInput);
            if (store == Store.ADD) {
                operation.addingOutput(dnnl.DNNL_ARG_DIFF_SRC, sourceLayout(), d.diff_src_desc());
            } else {
                operation.output(dnnl.DNNL_ARG_DIFF_SRC, sourceLayout(), d.diff_src_desc());
            }
            return operation;
        });
    }

    /** The weights by way of tiles, where oneDNN wants these. */
    private void readWeights(Operation operation, desc wanted, format_tag tileLayout, Operation.Conversion conversion) {
        if (hasTiles() && wanted.equals(new desc(weights.dims(), type, tileLayout))) {
            operation.convertedInput(dnnl.DNNL_ARG_WEIGHTS, Layouts.weights(weights.dims()), wanted, conversion);
        } else {
            weights.read(operation, wanted);
        }
    }

    private boolean hasTiles() {
        return shape.isPointwise() && shape.groups() == 1 && WeightTiles.serve(shape.outChannels(), shape.inChannels());
    }

    private WeightTiles tiles() {
        return new WeightTiles(shape.outChannels(), shape.inChannels(), type.equals(data_type.bf16) ? DataType.BFLOAT16 : DataType.FLOAT);
    }

    private format_tag tag(format_tag ofFloats, format_tag ofHalves) {
        return type.equals(data_type.bf16) ? ofHalves : ofFloats;
    }

    Operation backwardWeights() {
        return isProduct() && hasTiles() ? productWeights() : weightGradient();
    }

    /**
     * With the parts of input and output exchanged, which gives the transposed gradient: in its tiles the weights' rows are rows too, and need not be
     * turned.
     */
    private Operation productWeights() {
        String name = "the weight gradient of " + shape;
        return Operation.prepare(name, () -> {
            primitive_attr attributes = Operation.attributes();
            long[] transposed = {shape.inChannels(), shape.outChannels(), 1, 1};
            desc input = sourceLayout();
            convolution_forward.primitive_desc forward = new convolution_forward.primitive_desc(new convolution_forward.desc(
                    dnnl.prop_kind.forward_training, dnnl.algorithm.convolution_direct, target(), Layouts.any(type, transposed), input, strides,
                    dilates, padding, padding), attributes, device.engine());
            convolution_backward_weights.primitive_desc d = new convolution_backward_weights.primitive_desc(
                    new convolution_backward_weights.desc(dnnl.algorithm.convolution_direct, target(), Layouts.any(data_type.f32, transposed),
                            input, strides, dilates, padding, padding), attributes, device.engine(), forward);
            Operation operation = new Operation(device, name, d, new convolution_backward_weights(d));
            operation.bound(dnnl.DNNL_ARG_DIFF_DST, dnnl.DNNL_ARG_SRC, target());
            operation.bound(dnnl.DNNL_ARG_SRC, dnnl.DNNL_ARG_DIFF_DST, input);
            desc caller = Layouts.strided(transposed, new long[] {1, shape.inChannels(), 1, 1});
            if (d.diff_weights_desc().equals(new desc(transposed, data_type.f32, format_tag.OIhw16i16o))) {
                operation.convertedOutput(dnnl.DNNL_ARG_DIFF_WEIGHTS, caller, d.diff_weights_desc(), tiles()::unpackByInput);
            } else {
                operation.output(dnnl.DNNL_ARG_DIFF_WEIGHTS, caller, d.diff_weights_desc());
            }
            return operation;
        });
    }

    private Operation weightGradient() {
        String name = "the weight gradient of " + shape;
        return Operation.prepare(name, () -> {
            primitive_attr attributes = Operation.attributes();
            convolution_backward_weights.primitive_desc d = new convolution_backward_weights.primitive_desc(
                    new convolution_backward_weights.desc(dnnl.algorithm.convolution_direct, wish(source.dims()),
                            Layouts.any(data_type.f32, weights.dims()), wish(targetDims), strides, dilates, padding, padding),
                    attributes, device.engine(), forward(attributes));
            Operation operation = new Operation(device, name, d, new convolution_backward_weights(d));
            operation.input(dnnl.DNNL_ARG_SRC, sourceLayout(), d.src_desc());
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

    /**
     * The caller's layout where oneDNN is fast on it, which takes blocks of channels on both sides or on neither; for images, for what comes of
     * them unless it is in blocks, and where the weights' groups do not fill vectors, what oneDNN chooses.
     */
    private desc wish(long[] dims) {
        boolean images = shape.inChannels() < Kernels.PACKED_CHANNELS;
        if (!weights.fills(device.vector()) || dims[1] < Kernels.PACKED_CHANNELS || images && !device.packsBlocks(targetDims[1])) {
            return Layouts.any(type, dims);
        }
        boolean blocks = device.packsBlocks(targetDims[1]) && (images || device.packsBlocks(shape.inChannels()));
        return blocks ? device.activations(type, dims) : new desc(dims, type, format_tag.nhwc);
    }

    /** The caller's output, or its gradient. */
    private desc target() {
        return device.activations(shape.outChannels() < Kernels.PACKED_CHANNELS ? data_type.f32 : type, targetDims);
    }
}
