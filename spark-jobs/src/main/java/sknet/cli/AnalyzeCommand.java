package sknet.cli;

import picocli.CommandLine.Command;

/** {@code sknet analyze}: what trained networks do. */
@Command(name = "analyze", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "WHAT",
    description = "Looks into a trained network.", subcommands = AnalyzeAttentionCommand.class)
final class AnalyzeCommand {
}
