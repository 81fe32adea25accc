package sknet.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import sknet.data.prepare.ImageNetSource;

/** {@code sknet prepare imagenet}. */
@Command(name = "imagenet", mixinStandardHelpOptions = true,
    description = "Shards ImageNet (ILSVRC2012) from the archives as published, without unpacking them."
        + " Classes are the WordNet IDs in their order.")
final class PrepareImageNetCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "SOURCE", description = "The directory of ILSVRC2012_devkit_t12.tar.gz, ILSVRC2012_img_train.tar and"
        + " ILSVRC2012_img_val.tar; instead of an archive, what was extracted from it may be there as train/WNID/*.JPEG and val/*.JPEG.")
    private String source;

    @Parameters(index = "1", paramLabel = "OUTPUT", description = PrepareArguments.OUTPUT)
    private String output;

    @Mixin
    private PrepareArguments arguments;

    @Override
    public Integer call() {
        return arguments.run(new ImageNetSource(source), output);
    }
}
