package sknet.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sknet.bench.BenchmarkResult;
import sknet.bench.NetworkBenchmark;
import sknet.bench.Workload;
import sknet.model.ModelCatalogue;
import sknet.model.Precision;

/** What {@code sknet bench train} and {@code sknet bench infer} share. */
abstract class BenchNetworkCommand implements Callable<Integer> {

    @Option(names = "--model", defaultValue = "sknet-50", paramLabel = "NAME",
        description = "A name that 'sknet models' lists (default: ${DEFAULT-VALUE}).")
    private String model;

    @Option(names = "--precision", defaultValue = "fp32", paramLabel = "TYPE",
        description = "Of the activations: fp32 or bf16 (default: ${DEFAULT-VALUE}).")
    private String precision;

    @Option(names = "--size", paramLabel = "PIXELS", description = "Width and height of the images (default: the model's own).")
    private Integer size;

    @Option(names = "--batch", defaultValue = "8", paramLabel = "N", description = "Images a step (default: ${DEFAULT-VALUE}).")
    private int batch;

    @Option(names = "--threads", paramLabel = "N", description = "Threads of the kernels (default: all of this machine).")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--steps", defaultValue = "10", paramLabel = "N", description = "Steps to time (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(names = "--warm-up", defaultValue = "20", paramLabel = "N", description = "Steps before (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    @SuppressWarnings("unused")
    private VerboseOption verbose;

    /** What to time. */
    abstract Workload workload();

    @Override
    public Integer call() throws Exception {
        ModelCatalogue.Entry entry = checkedModel();
        BenchmarkResult result;
        try (Progress progress = Progress.start("timing " + model)) {
            result = new NetworkBenchmark(workload(), entry, precision(), pixels(), batch, threads, warmUp, steps)
                .run((done, total) -> progress.update(done, total, ""));
        }
        print(result, text(result));
        return 0;
    }

    /** The model, after a check of all numbers. */
    ModelCatalogue.Entry checkedModel() {
        ModelCatalogue.Entry entry = ModelCatalogue.named(model);
        if (pixels() < 1 || batch < 1 || threads < 1 || steps < 1 || warmUp < 0) {
            throw new IllegalArgumentException("Cannot time --size " + pixels() + " --batch " + batch + " --threads " + threads + " --steps "
                + steps + " --warm-up " + warmUp + " (expected positive numbers)");
        }
        return entry;
    }

    /** Width and height of the images. */
    int pixels() {
        return size == null ? ModelCatalogue.named(model).architecture().imageSize() : size;
    }

    Precision precision() {
        return Precision.named(precision);
    }

    int batch() {
        return batch;
    }

    int steps() {
        return steps;
    }

    int warmUp() {
        return warmUp;
    }

    void print(Object result, String text) throws JsonProcessingException {
        System.out.println(json ? new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(result) : text);
    }

    private static String text(BenchmarkResult result) {
        StringBuilder text = new StringBuilder(String.format(Locale.ROOT, "%s %s, %d x %d, batch %d, %s, %d threads%n"
                + "%.2f images/s; a step takes %.0f ms (median of %d; %.0f to %.0f)%n"
                + "%.0f GFLOP/s, %.0f %% of a matrix product's %.0f%npeak memory %,.0f MiB%n%n      ms  calls  of the mean step's %.0f ms%n",
            result.workload(), result.model(), result.size(), result.size(), result.batch(), result.precision(), result.threads(), result.imagesPerSecond(),
            result.medianMillis(), result.steps(), result.fastestMillis(), result.slowestMillis(), result.gigaFlops(),
            100 * result.shareOfMatrixProduct(), result.matrixGigaFlops(), result.peakMemoryMiB(), result.meanMillis()));
        for (BenchmarkResult.Share share : result.profile()) {
            text.append(String.format(Locale.ROOT, "%8.1f %6.0f  %s%n", share.millis(), share.calls(), share.operation()));
        }
        return text.append(String.format(Locale.ROOT, "%8.1f         other", result.otherMillis())).toString();
    }
}
