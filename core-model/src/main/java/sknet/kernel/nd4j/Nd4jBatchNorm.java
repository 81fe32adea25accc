package sknet.kernel.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;

/**
 * Batch norm in dense passes. The variance is taken of the centred values, which are kept for the backward pass: a mean of
 * squares less the square of the mean would lose digits in float.
 */
final class Nd4jBatchNorm implements BatchNormKernel {
    private final Rectifier rectifier;
    private final double epsilon;
    private final double valuesPerChannel;
    private final Buffers buffers;
    private final PerChannel perChannel;
    private final INDArray centred;
    private final INDArray scratch;
    private final INDArray mean;
    private final INDArray variance;
    private final INDArray inverseDeviation;
    private final INDArray scale;
    private final INDArray shift;
    private final INDArray slope;

    Nd4jBatchNorm(ChannelShape shape, Rectifier rectifier, double epsilon, DataType type) {
        this.rectifier = rectifier;
        this.epsilon = epsilon;
        valuesPerChannel = shape.valuesPerChannel();
        buffers = new Buffers(type);
        perChannel = new PerChannel(shape, buffers);
        centred = buffers.zeros(shape.batch(), shape.channels(), shape.pixels());
        scratch = buffers.zeros(shape.batch(), shape.channels(), shape.pixels());
        mean = buffers.zeros(1, shape.channels());
        variance = buffers.zeros(1, shape.channels());
        inverseDeviation = buffers.zeros(1, shape.channels());
        scale = buffers.zeros(1, shape.channels());
        shift = buffers.zeros(1, shape.channels());
        slope = buffers.zeros(1, shape.channels());
    }

    @Override
    public void forward(INDArray input, NormVectors norm, INDArray output) {
        INDArray maps = perChannel.maps(input);
        perChannel.channelMeans(maps, mean);
        perChannel.byChannel("subtract", maps, mean, centred);
        centred.muli(centred, scratch);
        perChannel.channelMeans(scratch, variance);
        scaleBy(variance, norm.gamma());
        affine(centred, norm.beta(), output);
    }

    @Override
    public void infer(INDArray input, NormVectors norm, INDArray output) {
        scaleBy(norm.variance().reshape('c', 1, norm.variance().length()), norm.gamma());
        perChannel.byChannel("subtract", perChannel.maps(input), norm.mean(), centred);
        affine(centred, norm.beta(), output);
    }

    @Override
    public void backward(INDArray input, INDArray outputGradient, NormVectors norm, INDArray inputGradient, double share,
                         NormVectors gradients) {
        INDArray result = perChannel.maps(inputGradient);
        INDArray gradient = perChannel.maps(outputGradient);
        if (rectifier == Rectifier.RELU) {
            perChannel.byChannel("multiply", centred, scale, scratch);
            perChannel.byChannel("add", scratch, norm.beta(), scratch);
            Nd4j.exec(new Step(scratch, scratch, 0.0));
            gradient = gradient.muli(scratch, result);
        }
        INDArray betaRow = asRow(gradients.beta());
        INDArray gammaRow = asRow(gradients.gamma());
        perChannel.channelMeans(gradient, betaRow);
        gradient.muli(centred, scratch);
        perChannel.channelMeans(scratch, gammaRow);
        gammaRow.muli(inverseDeviation);
        // inputGradient = scale * (gradient - mean(gradient) - normalised * mean(gradient * normalised)), normalised = centred /
        // deviation; the scale is that of the forward pass.
        gammaRow.muli(inverseDeviation, slope).muli(scale);
        betaRow.muli(scale, shift);
        perChannel.byChannel("multiply", gradient, scale, scratch);
        perChannel.byChannel("multiply", centred, slope, result);
        scratch.subi(result);
        perChannel.byChannel("subtract", scratch, shift, result);
        gammaRow.muli(valuesPerChannel);
        betaRow.muli(valuesPerChannel);
        pull(share, 1, mean, norm.mean(), gradients.mean());
        pull(share, valuesPerChannel / (valuesPerChannel - 1), variance, norm.variance(), gradients.variance());
    }

    private static void pull(double share, double factor, INDArray ofBatch, INDArray old, INDArray gradient) {
        ofBatch.reshape(gradient.shape()).muli(-factor, gradient);
        gradient.addi(old).muli(share);
    }

    /** scale = gamma / sqrt(variance + epsilon). */
    private void scaleBy(INDArray ofVariance, INDArray gamma) {
        ofVariance.addi(epsilon, inverseDeviation);
        Nd4j.exec(new RSqrt(inverseDeviation, inverseDeviation));
        inverseDeviation.muli(asRow(gamma), scale);
    }

    /** output = rectify(maps * scale + offset). */
    private void affine(INDArray maps, INDArray offset, INDArray output) {
        INDArray result = perChannel.maps(output);
        perChannel.byChannel("multiply", maps, scale, scratch);
        perChannel.byChannel("add", scratch, offset, result);
        if (rectifier == Rectifier.RELU) {
            Nd4j.exec(new RectifiedLinear(result, result, 0.0));
        }
    }

    private static INDArray asRow(INDArray vector) {
        return vector.reshape('c', 1, vector.length());
    }

    @Override
    public void close() {
        buffers.close();
    }
}
