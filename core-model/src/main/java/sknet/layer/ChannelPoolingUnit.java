package sknet.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ChannelPoolingKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.Kernels;

/** Runs a {@link ChannelPooling}. */
final class ChannelPoolingUnit implements LayerUnit {
    private final Shaped<ChannelShape, ChannelPoolingKernel> kernel;
    private INDArray pooled;

    ChannelPoolingUnit(Kernels kernels) {
        kernel = new Shaped<>(kernels::channelPooling);
    }

    @Override
    public INDArray forward(UnitContext context, INDArray input, Allocator output) {
        pooled = output.array(Kernels.mapType(input.dataType(), 2), input.size(0), 2, input.size(2), input.size(3));
        kernel.of(ChannelShape.of(input), input.dataType()).forward(input, pooled);
        return pooled;
    }

    @Override
    public INDArray infer(UnitContext context, INDArray input, Allocator output) {
        return forward(context, input, output);
    }

    @Override
    public void backward(UnitContext context, INDArray input, INDArray outputGradient, INDArray inputGradient) {
        kernel.last().backward(input, pooled, outputGradient, inputGradient);
    }

    @Override
    public void clear() {
        pooled = null;
    }
}
