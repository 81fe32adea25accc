package sknet.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Kernels;
import sknet.kernel.Store;

/** Runs a {@link ConvolutionBatchNorm}. */
final class ConvolutionUnit implements LayerUnit {
    private final ConvolutionBatchNorm layer;
    private final Shaped<ConvolutionShape, ConvolutionKernel> convolution;
    private final Shaped<ChannelShape, BatchNormKernel> batchNorm;
    private final FoldedUnit folded;
    private INDArray convolved;

    ConvolutionUnit(ConvolutionBatchNorm layer, Kernels kernels) {
        this.layer = layer;
        convolution = new Shaped<>(kernels::convolution);
        batchNorm = new Shaped<>((shape, type) -> kernels.batchNorm(shape, layer.rectifier(), NormParameters.EPSILON, type));
        folded = new FoldedUnit(kernels, layer.rectifier(), Store.REPLACE);
    }

    @Override
    public INDArray forward(UnitContext context, INDArray input, Allocator output) {
        convolve(context, input);
        ChannelShape shape = ChannelShape.of(convolved);
        NormParameters.checkTrainable(shape);
        INDArray normalised = output.array(convolved.dataType(), convolved.shape());
        batchNorm.of(shape, convolved.dataType()).forward(convolved, context.norm("bn."), normalised);
        return normalised;
    }

    /** The convolution alone; the array may be overwritten with its gradient before {@link #backwardConvolution}. */
    INDArray convolve(UnitContext context, INDArray input) {
        ConvolutionShape shape = layer.shape(input);
        convolved = context.inner().array(layer.outputType(input), shape.outputShape());
        convolution.of(shape, layer.type(input)).forward(input, context.parameter("conv.weight"), convolved);
        return convolved;
    }

    @Override
    public INDArray infer(UnitContext context, INDArray input, Allocator output) {
        ConvolutionShape shape = layer.shape(input);
        INDArray result = output.array(layer.outputType(input), shape.outputShape());
        folded.of(context, shape, layer.type(input), context.parameter("conv.weight"), context.norm("bn.")).forward(input, result);
        return result;
    }

    @Override
    public void backward(UnitContext context, INDArray input, INDArray outputGradient, INDArray inputGradient) {
        backward(context, input, outputGradient, inputGradient, Store.REPLACE);
    }

    void backward(UnitContext context, INDArray input, INDArray outputGradient, INDArray inputGradient, Store store) {
        // The gradient takes the place of what nobody reads any more.
        batchNorm.last().backward(convolved, outputGradient, context.norm("bn."), convolved,
                NormParameters.share(layer.momentum(), batchNorm.shape()), context.normGradients("bn."));
        backwardConvolution(context, input, convolved, inputGradient, store);
    }

    /** The gradients of the convolution alone; the input is read before the input's gradient, which may take its place, is written. */
    void backwardConvolution(UnitContext context, INDArray input, INDArray gradient, INDArray inputGradient, Store store) {
        convolution.last().backwardWeights(input, gradient, context.gradient("conv.weight"));
        if (inputGradient != null) {
            convolution.last().backwardData(gradient, context.parameter("conv.weight"), inputGradient, store);
        }
    }

    @Override
    public void forgetParameters() {
        folded.forgetParameters();
    }

    @Override
    public void clear() {
        convolved = null;
    }
}
