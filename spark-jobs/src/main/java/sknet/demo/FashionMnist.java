package sknet.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import sknet.data.prepare.IdxSource;

/** Fashion-MNIST (Xiao, Rasul, Vollgraf 2017): 60,000 + 10,000 grey images of 28 x 28 in ten classes. */
public final class FashionMnist {
    /** Where Debian's package dataset-fashion-mnist puts the four files. */
    public static final Path DEBIAN_SOURCE = Path.of("/usr/share/datasets/fashion-mnist");

    private static final List<String> CLASSES = List.of(
        "t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle-boot");
    private static final List<String> FILES = List.of("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz",
        "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz");

    private FashionMnist() {
    }

    /**
     * The images, to be prepared.
     *
     * @param directory of the four IDX files
     * @throws IOException when it lacks one
     */
    public static IdxSource in(Path directory, IdxSource.Limit limit) throws IOException {
        List<String> missing = FILES.stream().filter(file -> !Files.isReadable(directory.resolve(file))).toList();
        if (!missing.isEmpty()) {
            throw new IOException("Cannot read Fashion-MNIST: " + directory + " has no " + String.join(", ", missing) + " (expected "
                + String.join(", ", FILES) + "; Debian's package dataset-fashion-mnist puts them in " + DEBIAN_SOURCE + ")");
        }
        return new IdxSource(directory.toUri().toString(), CLASSES, limit);
    }
}
