package sknet.layer;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ChannelShape;
import sknet.kernel.Kernels;
import sknet.kernel.PoolingKernel;
import sknet.kernel.PoolingShape;

/** Runs a {@link Pooling}. */
final class PoolingUnit implements LayerUnit {
    private final Pooling layer;
    private final Shaped<PoolingShape, PoolingKernel> kernel;

    PoolingUnit(Pooling layer, Kernels kernels) {
        this.layer = layer;
        kernel = new Shaped<>(kernels::pooling);
    }

    @Override
    public INDArray forward(UnitContext context, INDArray input, Allocator output) {
        PoolingShape shape = layer.shape(ChannelShape.of(input));
        DataType type = input.dataType();
        INDArray pooled = output.array(layer.outputType(type), layer.outputShape(shape));
        kernel.of(shape, type).forward(input, pooled);
        return pooled;
    }

    @Override
    public INDArray infer(UnitContext context, INDArray input, Allocator output) {
        return forward(context, input, output);
    }

    @Override
    public void backward(UnitContext context, INDArray input, INDArray outputGradient, INDArray inputGradient) {
        kernel.last().backward(input, outputGradient, inputGradient);
    }
}
