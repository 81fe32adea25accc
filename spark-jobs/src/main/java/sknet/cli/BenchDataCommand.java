package sknet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sknet.bench.DataBenchmark;
import sknet.bench.DataResult;
import sknet.bench.SampleImages;

/** {@code sknet bench data}. */
@Command(name = "data", mixinStandardHelpOptions = true,
    description = "Times what is done with images on this machine, without Spark: transforming, or reading them whole.")
final class BenchDataCommand implements Callable<Integer> {

    @Option(names = "--data", paramLabel = "DIR", description = "A folder of JPEGs or a prepared data set on this machine (default: pictures made for it).")
    private Path data;

    @Option(names = "--transform", defaultValue = "train", paramLabel = "KIND",
        description = "train (a random part to 224x224, mirrored by chance), eval (256, centre 224x224),"
            + " survey (what prepare does with each) or decode (all pixels) (default: ${DEFAULT-VALUE}).")
    private DataBenchmark.Work transform;

    @Option(names = "--threads", defaultValue = "1", paramLabel = "N", description = "How many work side by side (default: ${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--rounds", defaultValue = "10", paramLabel = "N", description = "Rounds over all images to time (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--warm-up", defaultValue = "15", paramLabel = "N", description = "Rounds before (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    @SuppressWarnings("unused")
    private VerboseOption verbose;

    @Override
    public Integer call() throws Exception {
        if (threads < 1 || rounds < 1 || warmUp < 0) {
            throw new IllegalArgumentException("Cannot time --threads " + threads + " --rounds " + rounds + " --warm-up " + warmUp
                + " (expected positive numbers)");
        }
        List<byte[]> images = data == null ? SampleImages.made() : SampleImages.of(data);
        DataResult result = new DataBenchmark(transform, threads, warmUp, rounds).run(images);
        System.out.println(json ? new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(result)
            : String.format(Locale.ROOT, "%s of %d images, %,d bytes on average, by %d threads%n"
                + "%.0f images/s a thread (median of %d rounds; %.0f to %.0f), %.1f MB a second of processor time",
                result.transform(), result.images(), result.meanBytes(), result.threads(), result.imagesPerSecondPerThread(), result.rounds(),
                result.slowest(), result.fastest(), result.megabytesPerCpuSecond()));
        return 0;
    }
}
