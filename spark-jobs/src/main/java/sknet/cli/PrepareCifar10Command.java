package sknet.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import sknet.data.prepare.CifarSource;

/** {@code sknet prepare cifar10}. */
@Command(name = "cifar10", mixinStandardHelpOptions = true,
    description = "Shards the binary version of CIFAR-10. Images become PNG files.")
final class PrepareCifar10Command implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "SOURCE", description = "cifar-10-binary.tar.gz as published.")
    private String source;

    @Parameters(index = "1", paramLabel = "OUTPUT", description = PrepareArguments.OUTPUT)
    private String output;

    @Mixin
    private PrepareArguments arguments;

    @Override
    public Integer call() {
        return arguments.run(new CifarSource(source, CifarSource.Kind.CIFAR10), output);
    }
}
