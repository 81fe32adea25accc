package sknet.layer;

import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import sknet.kernel.ConvolutionShape;
import sknet.layer.Parameter.Role;

/**
 * A grouped, dilated, strided convolution without bias: {@code [N, C, H, W]} to {@code [N, O, H', W']}. Parameter: {@code
 * weight}, OIHW.
 *
 * <p>DL4J's own ConvolutionLayer knows no groups, and computes its forward pass again in the backward pass.
 */
public final class Convolution extends KernelLayer {
    private static final long serialVersionUID = 1L;

    @JsonProperty private ConvolutionSpec spec;
    @JsonProperty private InputGradient inputGradient;

    /** For DL4J's JSON. */
    Convolution() {}

    /** A convolution whose input gradient is computed. */
    public Convolution(long inChannels, long outChannels, ConvolutionSpec spec) {
        this(inChannels, outChannels, spec, InputGradient.COMPUTED);
    }

    /** A convolution from {@code inChannels} to {@code outChannels}. */
    public Convolution(long inChannels, long outChannels, ConvolutionSpec spec, InputGradient inputGradient) {
        super(inChannels, outChannels);
        this.spec = spec;
        this.inputGradient = inputGradient;
    }

    InputGradient inputGradient() {
        return inputGradient;
    }

    ConvolutionShape shape(long batch, long height, long width) {
        return spec.shape(batch, nIn, height, width, nOut);
    }

    @Override
    List<Parameter> parameters() {
        return List.of(new Parameter("weight", Role.WEIGHT, nOut, nIn / spec.groups(), spec.kernel(), spec.kernel()));
    }

    @Override
    KernelLayerRuntime<?> runtime(NeuralNetConfiguration conf, DataType type) {
        return new ConvolutionRuntime(conf, type);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType input) {
        ConvolutionShape shape = shape(1, maps(input).getHeight(), maps(input).getWidth());
        return InputType.convolutional(shape.outHeight(), shape.outWidth(), nOut);
    }

    @Override
    public long multiplyAdds(InputType input) {
        return shape(1, maps(input).getHeight(), maps(input).getWidth()).multiplyAdds();
    }
}
