package sknet.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sknet.data.prepare.IdxSource;

/** {@code sknet prepare idx}. */
@Command(name = "idx", mixinStandardHelpOptions = true,
    description = "Shards the four IDX files of MNIST and its likes. Images become PNG files.")
final class PrepareIdxCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "SOURCE", description = "The directory of train-images-idx3-ubyte, train-labels-idx1-ubyte,"
        + " t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each with or without .gz.")
    private String source;

    @Parameters(index = "1", paramLabel = "OUTPUT", description = PrepareArguments.OUTPUT)
    private String output;

    @Option(names = "--classes", paramLabel = "FILE", description = "A local file with a class name a line, in the order of the labels"
        + " (default: the labels).")
    private Path classes;

    @Mixin
    private PrepareArguments arguments;

    @Override
    public Integer call() throws IOException {
        List<String> names = classes == null ? List.of()
            : Files.readAllLines(classes).stream().map(String::strip).filter(line -> !line.isEmpty()).toList();
        return arguments.run(new IdxSource(source, names, IdxSource.Limit.NONE), output);
    }
}
