package sknet.cli;

import java.util.Optional;
import picocli.CommandLine.Option;
import sknet.checkpoint.WeightKind;

/** Which of a checkpoint's weights a command takes. */
final class WeightsOption {

    @Option(names = "--weights", paramLabel = "KIND",
        description = "raw, as the last step left them, or average, as optimizer.ema-decay keeps it (default: the average where there is one).")
    private WeightKind kind;

    /** Empty where the user leaves it to the checkpoint. */
    Optional<WeightKind> kind() {
        return Optional.ofNullable(kind);
    }
}
