package sknet.layer;

import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import sknet.kernel.Kernels;
import sknet.kernel.Rectifier;

/**
 * A batch norm and an optional ReLU on maps {@code [N, C, H, W]} that no convolution has just made, as in networks that normalise before they
 * convolve. Statistics are as {@link ConvolutionBatchNorm} says. Parameters: {@code bn.gamma}, {@code bn.beta}, {@code bn.mean}, {@code bn.variance}.
 */
public final class BatchNorm extends KernelLayer {
    private static final long serialVersionUID = 1L;

    @JsonProperty private Rectifier rectifier;
    @JsonProperty private double momentum;

    /** For DL4J's JSON. */
    BatchNorm() {}

    /** @param momentum share of the new batch in the running statistics */
    public BatchNorm(long channels, Rectifier rectifier, double momentum) {
        super(channels, channels);
        this.rectifier = rectifier;
        this.momentum = momentum;
    }

    public Rectifier rectifier() {
        return rectifier;
    }

    double momentum() {
        return momentum;
    }

    @Override
    List<Parameter> learnt() {
        return NormParameters.learnt("bn.", nOut);
    }

    @Override
    List<Parameter> runningStatistics() {
        return NormParameters.statistics("bn.", nOut);
    }

    @Override
    BatchNormUnit unit(Kernels kernels) {
        return new BatchNormUnit(this, kernels);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType input) {
        return maps(input);
    }
}
