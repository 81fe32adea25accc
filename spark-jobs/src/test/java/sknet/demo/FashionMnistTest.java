package sknet.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sknet.data.prepare.IdxSource;

class FashionMnistTest {
    @TempDir
    private Path source;

    @Test
    void aMissingFileIsNamedWithAllFourAndWhereTheyComeFrom() throws IOException {
        for (String name : List.of("train-images-idx3-ubyte.gz", "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz")) {
            Files.createFile(source.resolve(name));
        }
        assertEquals("Cannot read Fashion-MNIST: " + source + " has no train-labels-idx1-ubyte.gz (expected"
            + " train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz;"
            + " Debian's package dataset-fashion-mnist puts them in /usr/share/datasets/fashion-mnist)",
            assertThrows(IOException.class, () -> FashionMnist.in(source, IdxSource.Limit.NONE)).getMessage());
    }

    @Test
    void theTenClassesAreInTheOrderOfTheLabels() throws IOException {
        for (String name : List.of("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz", "t10k-images-idx3-ubyte.gz",
            "t10k-labels-idx1-ubyte.gz")) {
            Files.createFile(source.resolve(name));
        }
        IdxSource images = FashionMnist.in(source, IdxSource.Limit.NONE);
        assertEquals("t-shirt", images.classNames().get(0));
        assertEquals("ankle-boot", images.classNames().get(9));
        assertEquals(10, images.classNames().size());
    }
}
