package sknet.kernel.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.scalar.RectifiedLinear;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.FoldedConvolutionKernel;
import sknet.kernel.FoldedWeights;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;

/** A folded convolution as a convolution and dense passes behind it. */
final class Nd4jFoldedConvolution implements FoldedConvolutionKernel {
    private final Rectifier rectifier;
    private final double epsilon;
    private final Nd4jConvolution convolution;
    private final Buffers buffers;
    private final INDArray scaled;
    private final INDArray shift;

    Nd4jFoldedConvolution(ConvolutionShape shape, Rectifier rectifier, double epsilon, DataType type) {
        this.rectifier = rectifier;
        this.epsilon = epsilon;
        convolution = new Nd4jConvolution(shape, type);
        buffers = new Buffers(type);
        scaled = buffers.zeros(shape.weightShape());
        shift = buffers.zeros(1, shape.outChannels(), 1, 1);
    }

    @Override
    public void fold(INDArray weights, NormVectors norm) {
        try (FoldedWeights folded = FoldedWeights.of(weights, norm, epsilon)) {
            scaled.assign(folded.weights());
            shift.assign(folded.shift().reshape('c', shift.shape()));
        }
    }

    @Override
    public void forward(INDArray input, INDArray output) {
        convolution.forward(input, scaled, output);
        rectify(output.addi(shift));
    }

    @Override
    public void forward(INDArray input, INDArray addend, INDArray output) {
        convolution.forward(input, scaled, output);
        rectify(output.addi(shift).addi(addend));
    }

    private void rectify(INDArray output) {
        if (rectifier == Rectifier.RELU) {
            Nd4j.exec(new RectifiedLinear(output, output, 0.0));
        }
    }

    @Override
    public void close() {
        convolution.close();
        buffers.close();
    }
}
