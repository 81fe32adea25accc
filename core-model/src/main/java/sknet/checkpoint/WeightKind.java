package sknet.checkpoint;

import java.util.Locale;

/** Which of a checkpoint's weights to compute with. */
public enum WeightKind {
    /** The parameters as the last step left them; training goes on from them. */
    RAW,
    /** Their moving average, where the run kept one. */
    AVERAGE;

    /** As users write it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
