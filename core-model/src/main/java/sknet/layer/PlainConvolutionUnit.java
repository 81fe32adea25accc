package sknet.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Kernels;
import sknet.kernel.NormVectors;
import sknet.kernel.PoolingKernel;
import sknet.kernel.PoolingShape;
import sknet.kernel.Rectifier;
import sknet.kernel.Store;

/** Runs a {@link Convolution}. */
final class PlainConvolutionUnit implements LayerUnit {
    private final Convolution layer;
    private final Shaped<ConvolutionShape, ConvolutionKernel> convolution;
    /** Adds the bias: a batch norm whose other parameters leave values as they are. */
    private final Shaped<ChannelShape, BatchNormKernel> addition;
    /** Averages the bias's gradient over the pixels. */
    private final Shaped<PoolingShape, PoolingKernel> average;

    PlainConvolutionUnit(Convolution layer, Kernels kernels) {
        this.layer = layer;
        convolution = new Shaped<>(kernels::convolution);
        addition = new Shaped<>((shape, type) -> kernels.batchNorm(shape, Rectifier.NONE, 0, type));
        average = new Shaped<>(kernels::pooling);
    }

    @Override
    public INDArray forward(UnitContext context, INDArray input, Allocator output) {
        ConvolutionShape shape = layer.shape(input);
        INDArray result = output.array(Kernels.mapType(input.dataType(), shape.outChannels()), shape.outputShape());
        convolution.of(shape, input.dataType()).forward(input, context.parameter("conv.weight"), result);
        if (layer.hasBias()) {
            INDArray bias = context.parameter("conv.bias");
            INDArray ones = context.inner().array(bias.dataType(), bias.shape()).assign(1);
            INDArray zeros = context.inner().array(bias.dataType(), bias.shape()).assign(0);
            addition.of(ChannelShape.of(result), result.dataType()).infer(result, new NormVectors(ones, bias, zeros, ones), result);
        }
        return result;
    }

    @Override
    public INDArray infer(UnitContext context, INDArray input, Allocator output) {
        return forward(context, input, output);
    }

    @Override
    public void backward(UnitContext context, INDArray input, INDArray outputGradient, INDArray inputGradient) {
        if (layer.hasBias()) {
            sum(context, outputGradient, context.gradient("conv.bias"));
        }
        convolution.last().backwardWeights(input, outputGradient, context.gradient("conv.weight"));
        if (inputGradient != null) {
            convolution.last().backwardData(outputGradient, context.parameter("conv.weight"), inputGradient, Store.REPLACE);
        }
    }

    private void sum(UnitContext context, INDArray outputGradient, INDArray biasGradient) {
        ChannelShape shape = ChannelShape.of(outputGradient);
        INDArray means = context.inner().array(biasGradient.dataType(), shape.batch(), shape.channels());
        average.of(PoolingShape.globalAverage(shape), outputGradient.dataType()).forward(outputGradient, means);
        biasGradient.assign(means.sum(0).muli(shape.pixels()).reshape(biasGradient.shape()));
    }
}
