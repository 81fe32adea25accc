package sknet.layer;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Kernels;
import sknet.layer.Parameter.Role;

/**
 * A convolution without batch norm or rectifier, {@code [N, C, H, W]} to {@code [N, O, H', W']}; on maps of one pixel a fully connected layer.
 * Parameters: {@code conv.weight} (OIHW) and, where there is one, {@code conv.bias} [O], 0 at first.
 */
public final class Convolution extends KernelLayer {
    private static final long serialVersionUID = 1L;

    @JsonProperty private ConvolutionSpec spec;
    @JsonProperty private Bias bias;

    /** Whether something is added to every output channel. */
    public enum Bias {
        /** Nothing. */
        NONE,
        /** A learnt value. */
        LEARNT
    }

    /** For DL4J's JSON. */
    Convolution() {}

    /** From {@code inChannels} to {@code outChannels}. */
    public Convolution(long inChannels, long outChannels, ConvolutionSpec spec, Bias bias) {
        super(inChannels, outChannels);
        this.spec = spec;
        this.bias = bias;
    }

    public ConvolutionSpec spec() {
        return spec;
    }

    /** Whether there is a learnt bias. */
    public boolean hasBias() {
        return bias == Bias.LEARNT;
    }

    ConvolutionShape shape(INDArray input) {
        return spec.shape(input.size(0), nIn, input.size(2), input.size(3), nOut);
    }

    private ConvolutionShape shape(InputType input) {
        return spec.shape(1, nIn, maps(input).getHeight(), maps(input).getWidth(), nOut);
    }

    @Override
    List<Parameter> learnt() {
        List<Parameter> parameters = new ArrayList<>();
        parameters.add(new Parameter("conv.weight", Role.WEIGHT, spec.weightShape(nIn, nOut)));
        if (hasBias()) {
            parameters.add(new Parameter("conv.bias", Role.SHIFT, nOut));
        }
        return parameters;
    }

    @Override
    PlainConvolutionUnit unit(Kernels kernels) {
        return new PlainConvolutionUnit(this, kernels);
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
}
