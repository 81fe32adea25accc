package sknet.model;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;

/** The type of activations and of their gradients; parameters, gradients of parameters, sums and statistics are float32 either way. */
public enum Precision {
    /** float32. */
    FP32(DataType.FLOAT),
    /** bfloat16: half the memory and, where the processor multiplies it, twice the speed, with 8 bits of precision. */
    BF16(DataType.BFLOAT16);

    private final DataType type;

    Precision(DataType type) {
        this.type = type;
    }

    /** ND4J's name. */
    public DataType type() {
        return type;
    }

    /** As in settings: fp32, bf16. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for a label that is none */
    public static Precision named(String label) {
        return Arrays.stream(values()).filter(precision -> precision.label().equals(label)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Cannot compute in precision " + label + " (expected "
                        + Arrays.stream(values()).map(Precision::label).collect(Collectors.joining(" or ")) + ")"));
    }
}
