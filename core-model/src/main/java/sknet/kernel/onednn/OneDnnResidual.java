package sknet.kernel.onednn;

import org.bytedeco.dnnl.binary;
import org.bytedeco.dnnl.eltwise_backward;
import org.bytedeco.dnnl.eltwise_forward;
import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.memory.desc;
import org.bytedeco.dnnl.post_ops;
import org.bytedeco.dnnl.primitive_attr;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ResidualKernel;

/** The end of a residual block, one pass either way. */
final class OneDnnResidual implements ResidualKernel {
    private final Device device;
    private final long length;
    private final Operation forward;
    private Operation backward;

    OneDnnResidual(Device device, long length) {
        this.device = device;
        this.length = length;
        forward = prepareForward();
    }

    private Operation prepareForward() {
        String name = "a residual sum of " + length + " values";
        return Operation.prepare(name, () -> {
            post_ops rectifier = new post_ops();
            rectifier.append_eltwise(1, dnnl.algorithm.eltwise_relu, 0, 0);
            primitive_attr attributes = Operation.attributes();
            attributes.set_post_ops(rectifier);
            binary.primitive_desc d = new binary.primitive_desc(new binary.desc(dnnl.algorithm.binary_add, values(), values(), values()),
                    attributes, device.engine());
            return new Operation(device, name, d, new binary(d)).bound(dnnl.DNNL_ARG_SRC_0, values())
                    .bound(dnnl.DNNL_ARG_SRC_1, values()).bound(dnnl.DNNL_ARG_DST, values());
        });
    }

    private Operation prepareBackward() {
        String name = "the gradient of a residual sum of " + length + " values";
        return Operation.prepare(name, () -> {
            primitive_attr attributes = Operation.attributes();
            eltwise_forward.primitive_desc hint = new eltwise_forward.primitive_desc(new eltwise_forward.desc(
                    dnnl.prop_kind.forward_training, dnnl.algorithm.eltwise_relu_use_dst_for_bwd, values(), 0, 0), attributes,
                    device.engine());
            eltwise_backward.primitive_desc d = new eltwise_backward.primitive_desc(new eltwise_backward.desc(
                    dnnl.algorithm.eltwise_relu_use_dst_for_bwd, values(), values(), 0, 0), attributes, device.engine(), hint);
            return new Operation(device, name, d, new eltwise_backward(d)).bound(dnnl.DNNL_ARG_DST, values())
                    .bound(dnnl.DNNL_ARG_DIFF_DST, values()).bound(dnnl.DNNL_ARG_DIFF_SRC, values());
        });
    }

    private desc values() {
        return Layouts.dense(length);
    }

    @Override
    public void forward(INDArray first, INDArray second, INDArray output) {
        forward.bind(dnnl.DNNL_ARG_SRC_0, first).bind(dnnl.DNNL_ARG_SRC_1, second).bind(dnnl.DNNL_ARG_DST, output).run();
    }

    @Override
    public void backward(INDArray output, INDArray outputGradient, INDArray gradient) {
        if (backward == null) {
            backward = prepareBackward();
        }
        backward.bind(dnnl.DNNL_ARG_DST, output).bind(dnnl.DNNL_ARG_DIFF_DST, outputGradient).bind(dnnl.DNNL_ARG_DIFF_SRC, gradient).run();
    }

    @Override
    public void close() {
        if (backward != null) {
            backward.close();
        }
        forward.close();
    }
}
