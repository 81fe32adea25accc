package sknet.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.Kernels;

/** Runs a {@link BatchNorm}. */
final class BatchNormUnit implements LayerUnit {
    private final BatchNorm layer;
    private final Shaped<ChannelShape, BatchNormKernel> kernel;

    BatchNormUnit(BatchNorm layer, Kernels kernels) {
        this.layer = layer;
        kernel = new Shaped<>((shape, type) -> kernels.batchNorm(shape, layer.rectifier(), NormParameters.EPSILON, type));
    }

    @Override
    public INDArray forward(UnitContext context, INDArray input, Allocator output) {
        ChannelShape shape = ChannelShape.of(input);
        NormParameters.checkTrainable(shape);
        INDArray normalised = output.array(input.dataType(), input.shape());
        kernel.of(shape, input.dataType()).forward(input, context.norm("bn."), normalised);
        return normalised;
    }

    @Override
    public INDArray infer(UnitContext context, INDArray input, Allocator output) {
        INDArray normalised = output.array(input.dataType(), input.shape());
        kernel.of(ChannelShape.of(input), input.dataType()).infer(input, context.norm("bn."), normalised);
        return normalised;
    }

    @Override
    public void backward(UnitContext context, INDArray input, INDArray outputGradient, INDArray inputGradient) {
        kernel.last().backward(input, outputGradient, context.norm("bn."), inputGradient, NormParameters.share(layer.momentum(), kernel.shape()),
                context.normGradients("bn."));
    }
}
