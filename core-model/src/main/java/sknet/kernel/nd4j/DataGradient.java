package sknet.kernel.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ConvolutionShape;

/**
 * The gradient of a convolution with respect to its input: a correlation of stride 1 of the output's gradient, spread out by the
 * stride, with the transposed weights. Adding columns back into the input instead (col2im) is ten times slower with ND4J's
 * strided additions.
 */
final class DataGradient {
    private final PlaneCorrelation correlation;
    private final INDArray outputGradientMaps;
    private final INDArray inputGradientMaps;

    DataGradient(ConvolutionShape shape, PlaneGeometry geometry, Buffers buffers) {
        correlation = new PlaneCorrelation(geometry, shape.batch(), shape.groups(), shape.groupOutChannels(),
                shape.groupInChannels(),
                shape.kernelHeight(), shape.dilation(), shape.reach() - shape.paddingHeight(), buffers);
        outputGradientMaps = correlation.inputMaps(shape.outHeight(), shape.outWidth(), shape.stride());
        inputGradientMaps = correlation.outputMaps(shape.height(), shape.width());
    }

    void assign(INDArray outputGradient) {
        outputGradientMaps.assign(outputGradient);
    }

    /** The gradient planes {@code [G, O/G, N * plane]} from {@code shift} values further on. */
    INDArray outputGradient(int shift) {
        return correlation.inputGroups(shift);
    }

    void run(INDArray groupedWeights, INDArray inputGradient) {
        correlation.assignTransposed(groupedWeights);
        correlation.run();
        inputGradient.assign(inputGradientMaps);
    }
}
