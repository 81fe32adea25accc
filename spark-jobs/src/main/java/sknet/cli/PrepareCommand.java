package sknet.cli;

import picocli.CommandLine.Command;

/** {@code sknet prepare}: images into shards on HDFS. */
@Command(name = "prepare", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "KIND",
    description = "Writes images as shards to HDFS.", subcommands = PrepareFolderCommand.class)
final class PrepareCommand {
}
