package sknet.kernel.onednn;

import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.desc;
import org.bytedeco.dnnl.memory.format_tag;
import org.bytedeco.dnnl.primitive_attr;
import sknet.kernel.ChannelShape;
import sknet.kernel.Rectifier;
import sknet.kernel.onednn.Scratch.Side;

/** Makes the three operations of a batch norm, in the layout that oneDNN has vectorised code for on this processor. */
final class BatchNormOperations {
    private final Device device;
    private final Scratch scratch;
    private final ChannelShape shape;
    private final float epsilon;
    private final int flags;
    private final long[] dims;
    private final format_tag layout;

    BatchNormOperations(Device device, Scratch scratch, ChannelShape shape, Rectifier rectifier, double epsilon) {
        this.device = device;
        this.scratch = scratch;
        this.shape = shape;
        this.epsilon = (float) epsilon;
        flags = dnnl.dnnl_use_scale | dnnl.dnnl_use_shift | (rectifier == Rectifier.RELU ? dnnl.dnnl_fuse_norm_relu : 0);
        dims = new long[] {shape.batch(), shape.channels(), 1, shape.pixels()};
        layout = vectorised(format_tag.nChw16c) ? format_tag.nChw16c
                : vectorised(format_tag.nChw8c) ? format_tag.nChw8c : format_tag.nchw;
    }

    private boolean vectorised(format_tag tag) {
        return Operation.scoped(() ->
                descriptor(dnnl.dnnl_forward_training, flags, tag, new primitive_attr()).impl_info_str().getString().contains("jit"));
    }

    /** The forward pass, and what it leaves for the backward pass; that lives as long as the operation. */
    record Forward(Operation operation, memory input, memory workspace) {}

    Forward forward() {
        String name = "the forward pass of a batch norm of " + shape;
        memory[] kept = new memory[2];
        Operation made = Operation.prepare(name, () -> {
            batch_normalization_forward.primitive_desc d = descriptor(dnnl.dnnl_forward_training, flags, layout, Operation.attributes());
            Operation operation = new Operation(device, name, d, new batch_normalization_forward(d));
            kept[0] = operation.allocate(inner());
            kept[1] = operation.allocate(d.workspace_desc());
            operation.input(dnnl.DNNL_ARG_SRC, dense(), kept[0]);
            operation.argument(dnnl.DNNL_ARG_WORKSPACE, kept[1]);
            bindVectors(operation, dnnl.DNNL_ARG_SCALE, dnnl.DNNL_ARG_SHIFT, dnnl.DNNL_ARG_MEAN, dnnl.DNNL_ARG_VARIANCE);
            output(operation, dnnl.DNNL_ARG_DST);
            return operation;
        });
        return new Forward(made, kept[0], kept[1]);
    }

    Operation backward(Forward forward) {
        String name = "the backward pass of a batch norm of " + shape;
        return Operation.prepare(name, () -> {
            primitive_attr attributes = Operation.attributes();
            batch_normalization_backward.primitive_desc d = new batch_normalization_backward.primitive_desc(
                    new batch_normalization_backward.desc(dnnl.dnnl_backward, inner(), inner(), epsilon, flags), attributes,
                    device.engine(), descriptor(dnnl.dnnl_forward_training, flags, layout, attributes));
            Operation operation = new Operation(device, name, d, new batch_normalization_backward(d));
            operation.argument(dnnl.DNNL_ARG_SRC, forward.input).argument(dnnl.DNNL_ARG_WORKSPACE, forward.workspace);
            bindVectors(operation, dnnl.DNNL_ARG_SCALE, dnnl.DNNL_ARG_SHIFT, dnnl.DNNL_ARG_MEAN, dnnl.DNNL_ARG_VARIANCE,
                    dnnl.DNNL_ARG_DIFF_SCALE, dnnl.DNNL_ARG_DIFF_SHIFT);
            input(operation, dnnl.DNNL_ARG_DIFF_DST);
            output(operation, dnnl.DNNL_ARG_DIFF_SRC);
            return operation;
        });
    }

    Operation inference() {
        String name = "the evaluation of a batch norm of " + shape;
        return Operation.prepare(name, () -> {
            batch_normalization_forward.primitive_desc d = descriptor(dnnl.dnnl_forward_inference, flags | dnnl.dnnl_use_global_stats,
                    layout, Operation.attributes());
            Operation operation = new Operation(device, name, d, new batch_normalization_forward(d));
            bindVectors(operation, dnnl.DNNL_ARG_SCALE, dnnl.DNNL_ARG_SHIFT, dnnl.DNNL_ARG_MEAN, dnnl.DNNL_ARG_VARIANCE);
            input(operation, dnnl.DNNL_ARG_SRC);
            output(operation, dnnl.DNNL_ARG_DST);
            return operation;
        });
    }

    private batch_normalization_forward.primitive_desc descriptor(int kind, int kindFlags, format_tag tag, primitive_attr attributes) {
        return new batch_normalization_forward.primitive_desc(
                new batch_normalization_forward.desc(kind, Layouts.of(tag, dims), epsilon, kindFlags), attributes, device.engine());
    }

    private void bindVectors(Operation operation, int... arguments) {
        for (int argument : arguments) {
            operation.bound(argument, Layouts.dense(shape.channels()));
        }
    }

    /** Input and output share one copy of the activations: oneDNN normalises in place. */
    private void input(Operation operation, int argument) {
        if (inner().equals(dense())) {
            operation.bound(argument, dense());
        } else {
            operation.input(argument, dense(), scratch.of(Side.TARGET, inner()));
        }
    }

    private void output(Operation operation, int argument) {
        if (inner().equals(dense())) {
            operation.bound(argument, dense());
        } else {
            operation.output(argument, dense(), scratch.of(Side.TARGET, inner()));
        }
    }

    private desc dense() {
        return Layouts.dense(dims);
    }

    private desc inner() {
        return Layouts.of(layout, dims);
    }
}
