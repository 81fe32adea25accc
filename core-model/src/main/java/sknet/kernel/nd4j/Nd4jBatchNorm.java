package sknet.kernel.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.api.ops.impl.scalar.Step;
import org.nd4j.linalg.api.ops.impl.transforms.floating.RSqrt;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.Rectifier;

/**
 * Batch norm in dense passes. The variance is taken of the centred values, which are kept for the backward pass: a mean of squares less the
 * square of the mean would lose digits in float.
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
    private final INDArray[] coefficients = new INDArray[3];
    private final INDArray[] repeated = new INDArray[3];

    Nd4jBatchNorm(ChannelShape shape, Rectifier rectifier, double epsilon, DataType type) {
        this.rectifier = rectifier;
        this.epsilon = epsilon;
        valuesPerChannel = shape.valuesPerChannel();
        buffers = new Buffers(type);
        perChannel = new PerChannel(shape, buffers);
        centred = perChannel.rows(buffers.zeros(shape.batch(), shape.channels(), shape.pixels()));
        scratch = perChannel.rows(buffers.zeros(shape.batch(), shape.channels(), shape.pixels()));
        mean = buffers.zeros(1, shape.channels());
        variance = buffers.zeros(1, shape.channels());
        inverseDeviation = buffers.zeros(1, shape.channels());
        for (int i = 0; i < coefficients.length; i++) {
            coefficients[i] = buffers.zeros(1, shape.channels());
            repeated[i] = perChannel.repeated(coefficients[i]);
        }
    }

    @Override
    public void forward(INDArray input, INDArray gamma, INDArray beta, INDArray output) {
        INDArray rows = perChannel.rows(input);
        INDArray result = perChannel.rows(output);
        perChannel.sum(rows, mean);
        mean.divi(valuesPerChannel);
        mean.muli(-1, coefficients[0]);
        perChannel.add(rows, repeated[0], centred);
        centred.muli(centred, scratch);
        perChannel.sum(scratch, variance);
        variance.divi(valuesPerChannel);
        invertDeviation(variance);
        inverseDeviation.muli(asRow(gamma), coefficients[0]);
        coefficients[1].assign(asRow(beta));
        affine(centred, result);
    }

    @Override
    public INDArray batchMean() {
        return mean;
    }

    @Override
    public INDArray batchVariance() {
        return variance;
    }

    @Override
    public void backward(INDArray output, INDArray outputGradient, INDArray gamma, INDArray inputGradient, INDArray gammaGradient,
                         INDArray betaGradient) {
        INDArray result = perChannel.rows(inputGradient);
        INDArray gradient = perChannel.rows(outputGradient);
        if (rectifier == Rectifier.RELU) {
            Nd4j.exec(new Step(perChannel.rows(output), scratch, 0.0));
            gradient = gradient.muli(scratch, result);
        }
        INDArray betaRow = asRow(betaGradient);
        INDArray gammaRow = asRow(gammaGradient);
        perChannel.sum(gradient, betaRow);
        gradient.muli(centred, scratch);
        perChannel.sum(scratch, gammaRow);
        gammaRow.muli(inverseDeviation);
        // inputGradient = scale * (gradient - mean(gradient) - normalised * mean(gradient * normalised)), normalised = centred / deviation
        INDArray scale = inverseDeviation.muli(asRow(gamma), coefficients[0]);
        gammaRow.muli(inverseDeviation, coefficients[1]).muli(scale).divi(-valuesPerChannel);
        betaRow.muli(scale, coefficients[2]).divi(-valuesPerChannel);
        perChannel.multiply(gradient, repeated[0], result);
        perChannel.multiply(centred, repeated[1], scratch);
        result.addi(scratch);
        perChannel.add(result, repeated[2], result);
    }

    @Override
    public void inference(INDArray input, INDArray gamma, INDArray beta, INDArray mean, INDArray variance, INDArray output) {
        invertDeviation(asRow(variance));
        INDArray scale = inverseDeviation.muli(asRow(gamma), coefficients[0]);
        asRow(mean).muli(scale, coefficients[1]);
        asRow(beta).subi(coefficients[1], coefficients[1]);
        affine(perChannel.rows(input), perChannel.rows(output));
    }

    private void invertDeviation(INDArray ofVariance) {
        ofVariance.addi(epsilon, inverseDeviation);
        Nd4j.exec(new RSqrt(inverseDeviation, inverseDeviation));
    }

    /** result = rectify(rows * coefficients[0] + coefficients[1]). */
    private void affine(INDArray rows, INDArray result) {
        perChannel.multiply(rows, repeated[0], result);
        perChannel.add(result, repeated[1], result);
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
