package sknet.kernel.onednn;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.desc;
import org.bytedeco.dnnl.pooling_backward;
import org.bytedeco.dnnl.pooling_forward;
import org.bytedeco.dnnl.primitive_attr;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.PoolingKernel;
import sknet.kernel.PoolingShape;
import sknet.kernel.PoolingShape.Method;

/** The largest value of windows, or their mean; the gradient's operation is made when first used. */
final class OneDnnPooling implements PoolingKernel {
    private final Device device;
    private final PoolingShape shape;
    private final data_type type;
    private final dnnl.algorithm algorithm;
    private final long[] kernel;
    private final long[] strides;
    private final long[] padding;
    private final Operation forward;
    /** Which value of each window was the largest; lives as long as the forward operation. Null for means. */
    private memory chosen;
    private Operation backward;

    OneDnnPooling(Device device, PoolingShape shape, data_type type) {
        this.device = device;
        this.shape = shape;
        this.type = type;
        algorithm = shape.method() == Method.AVERAGE ? dnnl.algorithm.pooling_avg_exclude_padding : dnnl.algorithm.pooling_max;
        kernel = new long[] {shape.windowHeight(), shape.windowWidth()};
        strides = new long[] {shape.step(), shape.step()};
        padding = new long[] {shape.padding(), shape.padding()};
        forward = prepareForward();
    }

    private Operation prepareForward() {
        String name = "the forward pass of " + shape;
        return Operation.prepare(name, () -> {
            pooling_forward.primitive_desc d = descriptor(Operation.attributes());
            Operation operation = new Operation(device, name, d, new pooling_forward(d));
            operation.bound(dnnl.DNNL_ARG_SRC, input()).bound(dnnl.DNNL_ARG_DST, output());
            if (shape.method() == Method.AVERAGE) {
                return operation;
            }
            chosen = operation.allocate(d.workspace_desc());
            return operation.argument(dnnl.DNNL_ARG_WORKSPACE, chosen);
        });
    }

    private Operation prepareBackward() {
        String name = "the backward pass of " + shape;
        return Operation.prepare(name, () -> {
            primitive_attr attributes = Operation.attributes();
            pooling_backward.primitive_desc d = new pooling_backward.primitive_desc(
                    new pooling_backward.desc(algorithm, input(), output(), strides, kernel, padding, padding), attributes,
                    device.engine(), descriptor(attributes));
            Operation operation = new Operation(device, name, d, new pooling_backward(d)).bound(dnnl.DNNL_ARG_DIFF_SRC, input())
                    .bound(dnnl.DNNL_ARG_DIFF_DST, output());
            return chosen == null ? operation : operation.argument(dnnl.DNNL_ARG_WORKSPACE, chosen);
        });
    }

    private pooling_forward.primitive_desc descriptor(primitive_attr attributes) {
        return new pooling_forward.primitive_desc(new pooling_forward.desc(dnnl.prop_kind.forward_training, algorithm,
                input(), output(), strides, kernel, padding, padding), attributes, device.engine());
    }

    private desc input() {
        return device.activations(type, shape.input().batch(), shape.input().channels(), shape.input().height(), shape.input().width());
    }

    private desc output() {
        return device.activations(type, shape.input().batch(), shape.input().channels(), shape.outHeight(), shape.outWidth());
    }

    @Override
    public void forward(INDArray input, INDArray output) {
        forward.bind(dnnl.DNNL_ARG_SRC, input).bind(dnnl.DNNL_ARG_DST, output).run();
    }

    @Override
    public void backward(INDArray input, INDArray outputGradient, INDArray inputGradient) {
        if (backward == null) {
            backward = prepareBackward();
        }
        backward.bind(dnnl.DNNL_ARG_DIFF_DST, outputGradient).bind(dnnl.DNNL_ARG_DIFF_SRC, inputGradient).run();
    }

    @Override
    public void close() {
        if (backward != null) {
            backward.close();
        }
        forward.close();
    }
}
