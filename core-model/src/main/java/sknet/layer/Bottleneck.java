package sknet.layer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import sknet.kernel.Kernels;
import sknet.kernel.Rectifier;

/**
 * A bottleneck residual block as one layer: max(0, increase(middle(reduce(x))) + shortcut(x)), where the shortcut is x itself or a projection. One
 * layer and not ten, so that sums are added up where they arise and gradients take the place of activations that nobody reads any more.
 *
 * <p>Parameters: those of its parts with the prefixes {@code reduce.}, {@code mid.}, {@code increase.} and {@code proj.}, running statistics last.
 */
public final class Bottleneck extends KernelLayer {
    private static final long serialVersionUID = 1L;

    @JsonProperty private ConvolutionBatchNorm reduce;
    @JsonProperty private KernelLayer middle;
    @JsonProperty private ConvolutionBatchNorm increase;
    /** Null where the shortcut is the input itself. */
    @JsonProperty private ConvolutionBatchNorm projection;

    /** For DL4J's JSON. */
    Bottleneck() {}

    /**
     * A block of these parts.
     *
     * @param increase   without a rectifier, which follows the sum
     * @param projection without a rectifier; null for the input itself
     * @throws IllegalArgumentException if the last parts have a rectifier, or channels do not fit
     */
    public Bottleneck(ConvolutionBatchNorm reduce, KernelLayer middle, ConvolutionBatchNorm increase, ConvolutionBatchNorm projection) {
        super(reduce.getNIn(), increase.getNOut());
        if (increase.rectifier() != Rectifier.NONE || projection != null && projection.rectifier() != Rectifier.NONE) {
            throw new IllegalArgumentException("Cannot build a bottleneck: a rectifier before the sum (expected none)");
        }
        if (projection == null && nIn != nOut) {
            throw new IllegalArgumentException("Cannot build a bottleneck: " + nIn + " channels in, " + nOut
                    + " out and no projection (expected as many)");
        }
        if (reduce.getNOut() != middle.getNIn() || middle.getNOut() != increase.getNIn()
                || projection != null && (projection.getNIn() != nIn || projection.getNOut() != nOut)) {
            throw new IllegalArgumentException("Cannot build a bottleneck: parts of other channels than their neighbours");
        }
        this.reduce = reduce;
        this.middle = middle;
        this.increase = increase;
        this.projection = projection;
    }

    /** The 1x1 convolution that the residual begins with. */
    public ConvolutionBatchNorm reduce() {
        return reduce;
    }

    /** What is between the 1x1 convolutions. */
    public KernelLayer middle() {
        return middle;
    }

    /** The 1x1 convolution that the residual ends with. */
    public ConvolutionBatchNorm increase() {
        return increase;
    }

    /** The shortcut; null where it is the input itself. */
    public ConvolutionBatchNorm projection() {
        return projection;
    }

    @Override
    List<Parameter> learnt() {
        return ofParts(KernelLayer::learnt);
    }

    @Override
    List<Parameter> runningStatistics() {
        return ofParts(KernelLayer::runningStatistics);
    }

    private List<Parameter> ofParts(Function<KernelLayer, List<Parameter>> list) {
        List<Parameter> all = new ArrayList<>();
        list.apply(reduce).forEach(parameter -> all.add(parameter.in("reduce.")));
        list.apply(middle).forEach(parameter -> all.add(parameter.in("mid.")));
        list.apply(increase).forEach(parameter -> all.add(parameter.in("increase.")));
        if (projection != null) {
            list.apply(projection).forEach(parameter -> all.add(parameter.in("proj.")));
        }
        return all;
    }

    @Override
    BottleneckUnit unit(Kernels kernels) {
        return new BottleneckUnit(this, kernels);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType input) {
        return increase.getOutputType(layerIndex, middleOutput(input));
    }

    private InputType reduceOutput(InputType input) {
        return reduce.getOutputType(-1, input);
    }

    private InputType middleOutput(InputType input) {
        return middle.getOutputType(-1, reduceOutput(input));
    }

    @Override
    public long multiplyAdds(InputType input) {
        return reduce.multiplyAdds(input) + middle.multiplyAdds(reduceOutput(input)) + increase.multiplyAdds(middleOutput(input))
                + (projection == null ? 0 : projection.multiplyAdds(input));
    }

    @Override
    public long selectProducts(InputType input) {
        return middle.selectProducts(reduceOutput(input));
    }

    /** The last convolutions are not normalised but in the sum. */
    @Override
    public long activations(InputType input) {
        long output = getOutputType(-1, input).arrayElementsPerExample();
        return reduce.activations(input) + middle.activations(reduceOutput(input)) + (projection == null ? 2 : 3) * output;
    }
}
