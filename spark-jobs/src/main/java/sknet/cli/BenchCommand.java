package sknet.cli;

import picocli.CommandLine.Command;

/** {@code sknet bench}. */
@Command(name = "bench", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "WORKLOAD", description = "Measures speed on random data.",
    subcommands = {BenchTrainCommand.class, BenchInferCommand.class, BenchAllReduceCommand.class, BenchDataCommand.class})
final class BenchCommand {
}
