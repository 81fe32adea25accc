package sknet.layer;

import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import sknet.kernel.Kernels;

/**
 * Maps {@code [N, C, H, W]}, the first input, times a function of logits, the second: one a map {@code [N, C, 1, 1]}, one a pixel
 * {@code [N, 1, H, W]}, or one a value.
 */
public final class Gate extends KernelVertex {
    private static final long serialVersionUID = 1L;

    @JsonProperty private Opening opening;

    /** What a logit becomes. */
    public enum Opening {
        /** Itself. */
        LINEAR,
        /** sigmoid(logit), as in squeeze-and-excitation (Hu et al., 2018). */
        SIGMOID,
        /** 1 + sigmoid(logit), as in residual attention (Wang et al., 2017). */
        ONE_PLUS_SIGMOID;

        double offset() {
            return this == ONE_PLUS_SIGMOID ? 1 : 0;
        }
    }

    /** For DL4J's JSON. */
    Gate() {}

    /** With this function of the logits. */
    public Gate(Opening opening) {
        this.opening = opening;
    }

    public Opening opening() {
        return opening;
    }

    @Override
    int inputs() {
        return 2;
    }

    @Override
    List<?> settings() {
        return List.of(opening);
    }

    @Override
    InputType output(List<InputTypeConvolutional> inputs) {
        return inputs.get(0);
    }

    @Override
    VertexUnit unit(Kernels kernels) {
        return new GateUnit(opening, kernels);
    }
}
