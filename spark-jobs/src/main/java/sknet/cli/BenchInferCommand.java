package sknet.cli;

import picocli.CommandLine.Command;
import sknet.bench.Workload;

/** {@code sknet bench infer}. */
@Command(name = "infer", mixinStandardHelpOptions = true,
    description = "Times the forward pass as in evaluation on this machine, without Spark, beside the speed of a matrix product.")
final class BenchInferCommand extends BenchNetworkCommand {

    @Override
    Workload workload() {
        return Workload.INFER;
    }
}
