package sknet.kernel.onednn;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.desc;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Kernels;

/**
 * A 1x1 convolution as products of matrices: the pixels of packed maps are rows of channels. Weights and their gradients are used as they lie in
 * memory, but for a copy in bfloat16.
 */
final class OneDnnProduct implements ConvolutionKernel {
    private final Device device;
    private final ConvolutionShape shape;
    private final data_type type;
    private final long pixels;
    private final Operation forward;
    private Operation weightGradient;
    private Operation dataGradient;

    OneDnnProduct(Device device, ConvolutionShape shape, data_type type) {
        this.device = device;
        this.shape = shape;
        this.type = type;
        pixels = (long) shape.batch() * shape.height() * shape.width();
        forward = byWeights("the forward pass of " + shape, shape.inChannels(), shape.outChannels(), true);
    }

    /** Whether a convolution is such a product. */
    static boolean serves(ConvolutionShape shape) {
        boolean rows = shape.height() * shape.width() == 1
                || Math.min(shape.inChannels(), shape.outChannels()) >= Kernels.PACKED_CHANNELS;
        return shape.kernel() == 1 && shape.stride() == 1 && shape.groups() == 1 && rows;
    }

    /** Pixels by weights; the caller's are {@code [O, C]}, and so transposed for the forward pass. */
    private Operation byWeights(String name, int channels, int columns, boolean transposed) {
        return Operation.prepare(name, () -> {
            desc weights = Layouts.matrix(data_type.f32, channels, columns, transposed);
            desc maps = Layouts.matrix(type, pixels, channels, false);
            desc product = Layouts.matrix(type, pixels, columns, false);
            matmul.primitive_desc d = new matmul.primitive_desc(new matmul.desc(maps,
                    type.equals(data_type.f32) ? weights : Layouts.any(type, channels, columns), product), Operation.attributes(), device.engine());
            Operation operation = new Operation(device, name, d, new matmul(d));
            operation.bound(dnnl.DNNL_ARG_SRC, maps).bound(dnnl.DNNL_ARG_DST, product);
            operation.input(dnnl.DNNL_ARG_WEIGHTS, weights, d.weights_desc());
            return operation;
        });
    }

    private Operation ofWeights() {
        String name = "the weight gradient of " + shape;
        return Operation.prepare(name, () -> {
            desc outputGradient = Layouts.matrix(type, shape.outChannels(), pixels, true);
            desc input = Layouts.matrix(type, pixels, shape.inChannels(), false);
            desc product = Layouts.matrix(data_type.f32, shape.outChannels(), shape.inChannels(), false);
            matmul.primitive_desc d = new matmul.primitive_desc(new matmul.desc(outputGradient, input, product), Operation.attributes(),
                    device.engine());
            return new Operation(device, name, d, new matmul(d)).bound(dnnl.DNNL_ARG_SRC, outputGradient)
                    .bound(dnnl.DNNL_ARG_WEIGHTS, input).bound(dnnl.DNNL_ARG_DST, product);
        });
    }

    @Override
    public void forward(INDArray input, INDArray weights, INDArray output) {
        forward.bind(dnnl.DNNL_ARG_SRC, input).bind(dnnl.DNNL_ARG_WEIGHTS, weights).bind(dnnl.DNNL_ARG_DST, output).run();
    }

    @Override
    public void backwardWeights(INDArray input, INDArray outputGradient, INDArray gradient) {
        if (weightGradient == null) {
            weightGradient = ofWeights();
        }
        weightGradient.bind(dnnl.DNNL_ARG_SRC, outputGradient).bind(dnnl.DNNL_ARG_WEIGHTS, input).bind(dnnl.DNNL_ARG_DST, gradient).run();
    }

    @Override
    public void backwardData(INDArray outputGradient, INDArray weights, INDArray inputGradient) {
        if (dataGradient == null) {
            dataGradient = byWeights("the data gradient of " + shape, shape.outChannels(), shape.inChannels(), false);
        }
        dataGradient.bind(dnnl.DNNL_ARG_SRC, outputGradient).bind(dnnl.DNNL_ARG_WEIGHTS, weights).bind(dnnl.DNNL_ARG_DST, inputGradient).run();
    }

    @Override
    public void close() {
        forward.close();
        if (weightGradient != null) {
            weightGradient.close();
        }
        if (dataGradient != null) {
            dataGradient.close();
        }
    }
}
