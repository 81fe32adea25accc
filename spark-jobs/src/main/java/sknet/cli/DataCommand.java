package sknet.cli;

import picocli.CommandLine.Command;

/** {@code sknet data}: what a prepared data set holds. */
@Command(name = "data", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "ACTION",
    description = "Looks at a data set that 'sknet prepare' wrote.", subcommands = DataShowCommand.class)
final class DataCommand {
}
