package sknet.cli;

import picocli.CommandLine.Command;

/** {@code sknet prepare}: images into shards on HDFS. */
@Command(name = "prepare", mixinStandardHelpOptions = true, synopsisSubcommandLabel = "KIND",
    description = "Writes images as shards to HDFS. Given again after a stop, it finishes what is missing.",
    subcommands = {PrepareFolderCommand.class, PrepareImageNetCommand.class, PrepareCifar10Command.class, PrepareCifar100Command.class,
        PrepareIdxCommand.class, PrepareVerifyCommand.class})
final class PrepareCommand {
}
