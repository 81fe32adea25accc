package sknet.kernel.onednn;

import org.bytedeco.dnnl.global.dnnl;
import org.bytedeco.dnnl.matmul;
import org.bytedeco.dnnl.memory.data_type;
import org.bytedeco.dnnl.memory.desc;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Store;

/** A convolution of maps of one pixel, in float32: products of matrices, with weights and their gradients used as they lie in memory. */
final class OneDnnProduct implements ConvolutionKernel {
    private final Device device;
    private final ConvolutionShape shape;
    private final Operation forward;
    private Operation weightGradient;
    private Operation dataGradient;

    OneDnnProduct(Device device, ConvolutionShape shape) {
        this.device = device;
        this.shape = shape;
        forward = product("the forward pass of " + shape, Layouts.matrix(shape.batch(), shape.inChannels()),
                Layouts.transposed(shape.inChannels(), shape.outChannels()), Layouts.matrix(shape.batch(), shape.outChannels()));
    }

    /** Whether a convolution is such a product. */
    static boolean serves(ConvolutionShape shape, data_type type) {
        return type.equals(data_type.f32) && shape.height() * shape.width() == 1 && shape.kernel() == 1 && shape.stride() == 1
                && shape.groups() == 1;
    }

    private Operation product(String name, desc left, desc right, desc product) {
        return Operation.prepare(name, () -> {
            matmul.primitive_desc d = new matmul.primitive_desc(new matmul.desc(left, right, product), Operation.attributes(), device.engine());
            return new Operation(device, name, d, new matmul(d)).bound(dnnl.DNNL_ARG_SRC, left).bound(dnnl.DNNL_ARG_WEIGHTS, right)
                    .bound(dnnl.DNNL_ARG_DST, product);
        });
    }

    @Override
    public void forward(INDArray input, INDArray weights, INDArray output) {
        run(forward, input, weights, output);
    }

    @Override
    public void backwardWeights(INDArray input, INDArray outputGradient, INDArray gradient) {
        if (weightGradient == null) {
            weightGradient = product("the weight gradient of " + shape, Layouts.transposed(shape.outChannels(), shape.batch()),
                    Layouts.matrix(shape.batch(), shape.inChannels()), Layouts.matrix(shape.outChannels(), shape.inChannels()));
        }
        run(weightGradient, outputGradient, input, gradient);
    }

    @Override
    public void backwardData(INDArray outputGradient, INDArray weights, INDArray inputGradient, Store store) {
        if (store == Store.ADD) {
            throw new IllegalArgumentException("Cannot add the data gradient of " + shape + " (expected maps of more than one pixel)");
        }
        if (dataGradient == null) {
            dataGradient = product("the data gradient of " + shape, Layouts.matrix(shape.batch(), shape.outChannels()),
                    Layouts.matrix(shape.outChannels(), shape.inChannels()), Layouts.matrix(shape.batch(), shape.inChannels()));
        }
        run(dataGradient, outputGradient, weights, inputGradient);
    }

    private static void run(Operation operation, INDArray left, INDArray right, INDArray product) {
        operation.bind(dnnl.DNNL_ARG_SRC, left).bind(dnnl.DNNL_ARG_WEIGHTS, right).bind(dnnl.DNNL_ARG_DST, product).run();
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
