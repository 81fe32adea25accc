package sknet.layer;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Kernels;
import sknet.kernel.Rectifier;
import sknet.layer.Parameter.Role;

/**
 * A grouped, dilated, strided convolution without bias, batch norm and an optional ReLU: {@code [N, C, H, W]} to {@code [N, O, H', W']}.
 *
 * <p>Training normalises by the batch's mean and biased variance (epsilon 1e-5) and moves the running statistics:
 * {@code running = (1 - momentum) * running + momentum * batch}, the running variance towards the unbiased batch variance; evaluation normalises by
 * the running statistics, folded into the convolution. How the statistics move through DL4J's updater, and stay exact over several workers, is told
 * in {@link sknet.layer}.
 *
 * <p>Parameters: {@code conv.weight} (OIHW), {@code bn.gamma}, {@code bn.beta}, {@code bn.mean}, {@code bn.variance}.
 *
 * <p>DL4J's own ConvolutionLayer knows no groups and computes its forward pass again in the backward pass; its BatchNormalization keeps a logarithm
 * of the biased deviation.
 */
public final class ConvolutionBatchNorm extends KernelLayer {
    /** Added to variances before their root is taken. */
    public static final double EPSILON = NormParameters.EPSILON;
    private static final long serialVersionUID = 1L;

    @JsonProperty private ConvolutionSpec spec;
    @JsonProperty private Rectifier rectifier;
    @JsonProperty private double momentum;
    @JsonProperty private InputGradient inputGradient = InputGradient.COMPUTED;
    /** Of the output, and so of all that follows; null for that of the input. */
    @JsonProperty private DataType precision;

    /** For DL4J's JSON. */
    ConvolutionBatchNorm() {}

    /**
     * From {@code inChannels} to {@code outChannels}.
     *
     * @param momentum share of the new batch in the running statistics: 0.1 is usual, 0.05 the authors'
     */
    public ConvolutionBatchNorm(long inChannels, long outChannels, ConvolutionSpec spec, Rectifier rectifier, double momentum) {
        super(inChannels, outChannels);
        this.spec = spec;
        this.rectifier = rectifier;
        this.momentum = momentum;
    }

    /**
     * The first layer of a network, whose input is images.
     *
     * @param newPrecision of the activations from here on: the images' own or BFLOAT16
     */
    public ConvolutionBatchNorm first(InputGradient newInputGradient, DataType newPrecision) {
        ConvolutionBatchNorm first = new ConvolutionBatchNorm(nIn, nOut, spec, rectifier, momentum);
        first.inputGradient = newInputGradient;
        first.precision = newPrecision == DataType.BFLOAT16 ? newPrecision : null;
        return first;
    }

    public ConvolutionSpec spec() {
        return spec;
    }

    public Rectifier rectifier() {
        return rectifier;
    }

    double momentum() {
        return momentum;
    }

    /** The type that the convolution computes in. */
    DataType type(INDArray input) {
        return precision == null ? input.dataType() : precision;
    }

    DataType outputType(INDArray input) {
        return Kernels.mapType(type(input), nOut);
    }

    ConvolutionShape shape(INDArray input) {
        return spec.shape(input.size(0), nIn, input.size(2), input.size(3), nOut);
    }

    private ConvolutionShape shape(InputType input) {
        return spec.shape(1, nIn, maps(input).getHeight(), maps(input).getWidth(), nOut);
    }

    @Override
    List<Parameter> learnt() {
        return Stream.concat(Stream.of(new Parameter("conv.weight", Role.WEIGHT, spec.weightShape(nIn, nOut))),
                NormParameters.learnt("bn.", nOut).stream()).toList();
    }

    @Override
    List<Parameter> runningStatistics() {
        return NormParameters.statistics("bn.", nOut);
    }

    @Override
    ConvolutionUnit unit(Kernels kernels) {
        return new ConvolutionUnit(this, kernels);
    }

    @Override
    boolean needsInputGradient() {
        return inputGradient == InputGradient.COMPUTED;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType input) {
        ConvolutionShape shape = shape(input);
        return InputType.convolutional(shape.outHeight(), shape.outWidth(), nOut);
    }

    @Override
    public long multiplyAdds(InputType input) {
        return shape(input).multiplyAdds();
    }

    /** The convolution's output is kept beside the normalised. */
    @Override
    public long activations(InputType input) {
        return 2 * getOutputType(-1, input).arrayElementsPerExample();
    }
}
