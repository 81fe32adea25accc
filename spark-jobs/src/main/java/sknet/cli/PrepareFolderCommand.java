package sknet.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import sknet.data.prepare.FolderSource;

/** {@code sknet prepare folder}. */
@Command(name = "folder", mixinStandardHelpOptions = true,
    description = "Shards a folder SOURCE/train/CLASS/IMAGE and SOURCE/val/CLASS/IMAGE of JPEG and PNG files.")
final class PrepareFolderCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "SOURCE", description = "The folder, on any file system that Hadoop reads.")
    private String source;

    @Parameters(index = "1", paramLabel = "OUTPUT", description = PrepareArguments.OUTPUT)
    private String output;

    @Mixin
    private PrepareArguments arguments;

    @Override
    public Integer call() {
        return arguments.run(new FolderSource(source), output);
    }
}
