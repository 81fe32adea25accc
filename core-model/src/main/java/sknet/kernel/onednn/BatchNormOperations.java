package sknet.kernel.onednn;

import org.bytedeco.dnnl.batch_normalization_backward;
import org.bytedeco.dnnl.batch_normalization_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.desc;
import org.bytedeco.dnnl.primitive_attr;
import sknet.kernel.ChannelShape;
import sknet.kernel.Rectifier;

/** Makes the three operations of a batch norm, on packed activations as they are. */
final class BatchNormOperations {
    private final Device device;
    private final ChannelShape shape;
    private final float epsilon;
    private final int flags;

    BatchNormOperations(Device device, ChannelShape shape, Rectifier rectifier, double epsilon) {
        this.device = device;
        this.shape = shape;
        this.epsilon = (float) epsilon;
        flags = dnnl.dnnl_use_scale | dnnl.dnnl_use_shift | (rectifier == Rectifier.RELU ? dnnl.dnnl_fuse_norm_relu : 0);
    }

    /** The forward pass, and the rectifier's mask that it leaves for the backward pass; that lives as long as the operation. */
    record Forward(Operation operation, memory workspace) {}

    Forward forward() {
        String name = "the forward pass of a batch norm of " + shape;
        memory[] kept = new memory[1];
        Operation made = Operation.prepare(name, () -> {
            batch_normalization_forward.primitive_desc d = descriptor(dnnl.dnnl_forward_training, flags, Operation.attributes());
            Operation operation = new Operation(device, name, d, new batch_normalization_forward(d));
            kept[0] = operation.allocate(d.workspace_desc());
            operation.argument(dnnl.DNNL_ARG_WORKSPACE, kept[0]);
            bindMaps(operation, dnnl.DNNL_ARG_SRC, dnnl.DNNL_ARG_DST);
            bindVectors(operation, dnnl.DNNL_ARG_SCALE, dnnl.DNNL_ARG_SHIFT, dnnl.DNNL_ARG_MEAN, dnnl.DNNL_ARG_VARIANCE);
            return operation;
        });
        return new Forward(made, kept[0]);
    }

    Operation backward(Forward forward) {
        String name = "the backward pass of a batch norm of " + shape;
        return Operation.prepare(name, () -> {
            primitive_attr attributes = Operation.attributes();
            batch_normalization_backward.primitive_desc d = new batch_normalization_backward.primitive_desc(
                    new batch_normalization_backward.desc(dnnl.dnnl_backward, maps(), maps(), epsilon, flags), attributes,
                    device.engine(), descriptor(dnnl.dnnl_forward_training, flags, attributes));
            Operation operation = new Operation(device, name, d, new batch_normalization_backward(d));
            operation.argument(dnnl.DNNL_ARG_WORKSPACE, forward.workspace);
            bindMaps(operation, dnnl.DNNL_ARG_SRC, dnnl.DNNL_ARG_DIFF_DST, dnnl.DNNL_ARG_DIFF_SRC);
            bindVectors(operation, dnnl.DNNL_ARG_SCALE, dnnl.DNNL_ARG_SHIFT, dnnl.DNNL_ARG_MEAN, dnnl.DNNL_ARG_VARIANCE,
                    dnnl.DNNL_ARG_DIFF_SCALE, dnnl.DNNL_ARG_DIFF_SHIFT);
            return operation;
        });
    }

    Operation inference() {
        String name = "the evaluation of a batch norm of " + shape;
        return Operation.prepare(name, () -> {
            batch_normalization_forward.primitive_desc d = descriptor(dnnl.dnnl_forward_inference, flags | dnnl.dnnl_use_global_stats,
                    Operation.attributes());
            Operation operation = new Operation(device, name, d, new batch_normalization_forward(d));
            bindMaps(operation, dnnl.DNNL_ARG_SRC, dnnl.DNNL_ARG_DST);
            bindVectors(operation, dnnl.DNNL_ARG_SCALE, dnnl.DNNL_ARG_SHIFT, dnnl.DNNL_ARG_MEAN, dnnl.DNNL_ARG_VARIANCE);
            return operation;
        });
    }

    private batch_normalization_forward.primitive_desc descriptor(int kind, int kindFlags, primitive_attr attributes) {
        return new batch_normalization_forward.primitive_desc(new batch_normalization_forward.desc(kind, maps(), epsilon, kindFlags),
                attributes, device.engine());
    }

    private void bindMaps(Operation operation, int... arguments) {
        for (int argument : arguments) {
            operation.bound(argument, maps());
        }
    }

    private void bindVectors(Operation operation, int... arguments) {
        for (int argument : arguments) {
            operation.bound(argument, Layouts.dense(shape.channels()));
        }
    }

    private desc maps() {
        return device.activations(shape.batch(), shape.channels(), shape.height(), shape.width());
    }
}
