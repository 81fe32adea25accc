package sknet.layer;

import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import sknet.kernel.Rectifier;

/**
 * Batch norm over the channels of {@code [N, C, H, W]} or {@code [N, C]}, with an optional ReLU behind it.
 *
 * <p>Training normalises by the batch's mean and biased variance (epsilon 1e-5) and moves the running statistics:
 * {@code running = (1 - momentum) * running + momentum * batch}, the running variance towards the unbiased batch variance;
 * evaluation normalises by the running statistics. Parameters: {@code gamma}, {@code beta}, {@code mean}, {@code variance}. How
 * the statistics move through DL4J's updater, and stay exact over several workers, is told in {@link sknet.layer}.
 *
 * <p>DL4J's own BatchNormalization keeps a logarithm of the biased deviation, and its portable path is many times slower.
 */
public final class BatchNorm extends KernelLayer {
    private static final long serialVersionUID = 1L;

    @JsonProperty private Rectifier rectifier;
    @JsonProperty private double momentum;

    /** For DL4J's JSON. */
    BatchNorm() {}

    /**
     * @param channels C
     * @param momentum share of the new batch in the running statistics: 0.1 is usual, 0.05 the authors'
     */
    public BatchNorm(long channels, Rectifier rectifier, double momentum) {
        super(channels, channels);
        this.rectifier = rectifier;
        this.momentum = momentum;
    }

    @Override
    List<Parameter> parameters() {
        return Stream.concat(BatchNormUnit.learnt("", nIn).stream(), BatchNormUnit.statistics("", nIn).stream()).toList();
    }

    @Override
    KernelLayerRuntime<?> runtime(NeuralNetConfiguration conf, DataType type) {
        return new BatchNormRuntime(conf, type, rectifier, momentum);
    }

    @Override
    long channels(InputType input) {
        return input instanceof InputType.InputTypeFeedForward vector ? vector.getSize() : super.channels(input);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType input) {
        return input;
    }

    @Override
    public long multiplyAdds(InputType input) {
        return 0;
    }
}
