package sknet.cli;

import java.util.Locale;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import sknet.bench.ScalingBenchmark;
import sknet.bench.ScalingResult;
import sknet.bench.Workload;
import sknet.model.ModelCatalogue;
import sknet.sync.WireType;

/** {@code sknet bench train}. */
@Command(name = "train", mixinStandardHelpOptions = true,
    description = "Times whole steps of training (forward, backward and the step of SGD) on this machine, without Spark, beside the speed of a matrix product. With "
        + "--executors, of so many executors together and of one alone, in turns, on the executors of the master (default: a cluster of so many one-core "
        + "executors on this machine).")
final class BenchTrainCommand extends BenchNetworkCommand {
    private static final int ROUNDS = 3;

    @Option(names = "--executors", paramLabel = "N", description = "Train with so many executors.")
    private Integer executors;

    @Option(names = "--wire", defaultValue = "fp32", paramLabel = "TYPE",
        description = "With --executors: how gradients travel, fp32 or bf16 (default: ${DEFAULT-VALUE}).")
    private WireType wire;

    @Override
    public Integer call() throws Exception {
        return executors == null ? super.call() : scale();
    }

    private int scale() throws Exception {
        if (executors < 1) {
            throw new IllegalArgumentException("Cannot time --executors " + executors + " (expected a positive number)");
        }
        ModelCatalogue.Entry entry = checkedModel();
        ScalingResult result;
        try (JavaSparkContext spark = SparkSessions.open("sknet bench train " + entry.architecture().name())) {
            int roundSteps = Math.max(1, steps() / ROUNDS);
            result = new ScalingBenchmark(entry.architecture().name(), precision(), pixels(), batch(), executors, wire, warmUp(), ROUNDS, roundSteps)
                .run(spark);
        }
        print(result, text(result));
        return 0;
    }

    private static String text(ScalingResult result) {
        return String.format(Locale.ROOT, "train %s, %d x %d, batch %d an executor, %s; medians of %d steps%n"
                + "1 executor alone: %.2f images/s; a step takes %.0f ms%n"
                + "%d executors at once, each for itself: %.2f images/s; %.0f ms%n%d executors together: %.2f images/s; %.0f ms%n"
                + "speed-up %.2f, of %.2f that the machine allows%n"
                + "exposed communication %.1f ms, %.1f %% of a step; waiting for the slowest %.1f ms, %.1f %%", result.model(), result.size(), result.size(),
            result.batch(), result.precision(), result.steps(), result.aloneImagesPerSecond(), result.aloneMillis(), result.executors(),
            result.apartImagesPerSecond(), result.apartMillis(), result.executors(), result.imagesPerSecond(), result.millis(), result.speedup(),
            result.apartImagesPerSecond() / result.aloneImagesPerSecond(), result.exchangeMillis(), 100 * result.exchangeMillis() / result.millis(),
            result.waitMillis(), 100 * result.waitMillis() / result.millis());
    }

    @Override
    Workload workload() {
        return Workload.TRAIN;
    }
}
