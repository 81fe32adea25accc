package sknet.cli;

import picocli.CommandLine.Command;

/** {@code sknet export}: trained networks for other programs. */
@Command(name = "export", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "FORMAT",
    description = "Writes the network of a checkpoint as a file that other programs run.", subcommands = ExportOnnxCommand.class)
final class ExportCommand {
}
