package sknet.cli;

import picocli.CommandLine.Command;

/** {@code sknet experiment}. */
@Command(name = "experiment", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "COMMAND",
    description = "Trains and evaluates the models of a table or a figure, several runs each, and compares their errors with the paper's.",
    subcommands = {ExperimentRunCommand.class, ExperimentStatusCommand.class, ExperimentReportCommand.class})
final class ExperimentCommand {
}
