package sknet.cli;

import picocli.CommandLine.Command;
import sknet.bench.Workload;

/** {@code sknet bench train}. */
@Command(name = "train", mixinStandardHelpOptions = true,
    description = "Times whole steps of training (forward, backward and the step of SGD) on this machine, without Spark, beside the speed of a matrix product.")
final class BenchTrainCommand extends BenchNetworkCommand {

    @Override
    Workload workload() {
        return Workload.TRAIN;
    }
}
