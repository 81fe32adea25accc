package sknet.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import sknet.bench.AllReduceBenchmark;
import sknet.bench.AllReduceResult;
import sknet.sync.WireType;

/** {@code sknet bench allreduce}. */
@Command(name = "allreduce", mixinStandardHelpOptions = true,
    description = "Times the all-reduce alone, among executors of the master (default: a cluster of so many one-core executors on this machine).")
final class BenchAllReduceCommand implements Callable<Integer> {

    @Option(names = "--executors", defaultValue = "2", paramLabel = "N", description = "How many take part (default: ${DEFAULT-VALUE}).")
    private int executors;

    @Option(names = "--floats", defaultValue = "27550000", paramLabel = "N",
        description = "Length of the vector (default: ${DEFAULT-VALUE}, the gradient of SKNet-50).")
    private int floats;

    @Option(names = "--wire", defaultValue = "fp32", paramLabel = "TYPE", description = "How it travels: fp32 or bf16 (default: ${DEFAULT-VALUE}).")
    private WireType wire;

    @Option(names = "--sockets", description = "Exchange by sockets even between executors of one host, as between hosts.")
    private boolean sockets;

    @Option(names = "--delay", defaultValue = "0", paramLabel = "MS",
        description = "Milliseconds by which every message sets out later, as in a network of a higher latency (default: ${DEFAULT-VALUE}).")
    private int delay;

    @Option(names = "--sums", defaultValue = "20", paramLabel = "N", description = "Sums to time (default: ${DEFAULT-VALUE}).")
    private int sums;

    @Option(names = "--warm-up", defaultValue = "100", paramLabel = "N", description = "Sums before (default: ${DEFAULT-VALUE}).")
    private int warmUp;

    @Option(names = "--json", description = "Print JSON.")
    private boolean json;

    @Mixin
    @SuppressWarnings("unused")
    private VerboseOption verbose;

    @Override
    public Integer call() throws Exception {
        if (executors < 1 || floats < 1 || sums < 1 || warmUp < 0 || delay < 0) {
            throw new IllegalArgumentException("Cannot time --executors " + executors + " --floats " + floats + " --sums " + sums + " --warm-up " + warmUp + " --delay " + delay
                + " (expected positive numbers)");
        }
        AllReduceResult result;
        try (JavaSparkContext spark = SparkSessions.open("sknet bench allreduce")) {
            result = new AllReduceBenchmark(executors, floats, wire, sockets, Duration.ofMillis(delay), warmUp, sums).run(spark);
        }
        System.out.println(json ? new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(result)
            : String.format(Locale.ROOT, "all-reduce of %,d floats among %d executors, %s on the wire%n"
                + "%.1f ms (median of %d; %.1f to %.1f); each sends and receives %.2f GB/s", result.floats(), result.executors(), result.wire(),
                result.medianMillis(), result.sums(), result.fastestMillis(), result.slowestMillis(), result.gigabytesPerSecond()));
        return 0;
    }
}
