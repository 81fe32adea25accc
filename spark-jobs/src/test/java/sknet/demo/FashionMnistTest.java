package sknet.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FashionMnistTest {
    private static final String TRAIN_IMAGES = "train-images-idx3-ubyte.gz";
    private static final String TRAIN_LABELS = "train-labels-idx1-ubyte.gz";
    private static final int[] LABELS = {7, 0, 9, 7};

    @TempDir
    Path temporary;
    private Path source;
    private Path tree;

    @BeforeEach
    void fourFiles() throws IOException {
        source = Files.createDirectory(temporary.resolve("source"));
        tree = temporary.resolve("tree");
        writeImages(TRAIN_IMAGES, 4);
        writeLabels(TRAIN_LABELS, LABELS);
        writeImages("t10k-images-idx3-ubyte.gz", 2);
        writeLabels("t10k-labels-idx1-ubyte.gz", 8, 1);
    }

    @Test
    void everyImageIsAGreyPngInTheFolderOfItsClass() throws IOException {
        write(FashionMnist.Limit.NONE);
        assertEquals(List.of("train/ankle-boot/00002.png", "train/sneaker/00000.png", "train/sneaker/00003.png",
            "train/t-shirt/00001.png", "val/bag/00000.png", "val/trouser/00001.png"), images());
        BufferedImage image = ImageIO.read(tree.resolve("train/ankle-boot/00002.png").toFile());
        assertEquals(BufferedImage.TYPE_BYTE_GRAY, image.getType());
        for (int y = 0; y < 28; y++) {
            for (int x = 0; x < 28; x++) {
                assertEquals(pixel(2, y, x), image.getRaster().getSample(x, y, 0));
            }
        }
    }

    @Test
    void aClassWithoutImagesHasItsFolderToo() throws IOException {
        write(FashionMnist.Limit.NONE);
        for (String name : FashionMnist.CLASSES) {
            assertTrue(Files.isDirectory(tree.resolve("train").resolve(name)), name);
            assertTrue(Files.isDirectory(tree.resolve("val").resolve(name)), name);
        }
    }

    @Test
    void aLimitTakesTheFirstOfEachSplitAndAnotherLimitWritesAnew() throws IOException {
        write(FashionMnist.Limit.NONE);
        write(new FashionMnist.Limit(2, 1));
        assertEquals(List.of("train/sneaker/00000.png", "train/t-shirt/00001.png", "val/bag/00000.png"), images());
    }

    @Test
    void aWholeTreeIsLeftAsItIsAndAHalfWrittenOneIsMadeAgain() throws IOException {
        write(FashionMnist.Limit.NONE);
        Path image = tree.resolve("train/sneaker/00000.png");
        FileTime early = FileTime.fromMillis(1_000_000_000_000L);
        Files.setLastModifiedTime(image, early);
        write(FashionMnist.Limit.NONE);
        assertEquals(early, Files.getLastModifiedTime(image));

        Files.move(tree.resolve("_whole"), tree.resolve("_unfinished"));
        Files.writeString(tree.resolve("train/sneaker/99999.png"), "half an ima");
        write(FashionMnist.Limit.NONE);
        assertFalse(images().contains("train/sneaker/99999.png"));
        assertTrue(Files.exists(tree.resolve("_whole")));
        assertFalse(Files.exists(tree.resolve("_unfinished")));
    }

    @Test
    void aSourceThatIsDamagedLeavesNoTreeThatLooksWhole() throws IOException {
        writeLabels("t10k-labels-idx1-ubyte.gz", 8, 10);
        assertEquals("Cannot read " + source.resolve("t10k-labels-idx1-ubyte.gz") + ": label 10 of image 1 (expected 0 to 9)",
            failure());
        assertFalse(Files.exists(tree.resolve("_whole")));
    }

    @Test
    void aDirectoryWithOtherFilesIsRefusedAndUntouched() throws IOException {
        Path mine = Files.createDirectories(tree.resolve("train")).resolve("holiday.jpg");
        Files.writeString(mine, "not ours");
        assertEquals("Cannot write Fashion-MNIST to " + tree + ": it holds other files (expected an empty directory)", failure());
        assertTrue(Files.exists(mine));
    }

    @Test
    void aMissingFileIsNamedWithAllFourAndWhereTheyComeFrom() throws IOException {
        Files.delete(source.resolve(TRAIN_LABELS));
        assertEquals("Cannot read Fashion-MNIST: " + source + " has no train-labels-idx1-ubyte.gz (expected"
            + " train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, t10k-images-idx3-ubyte.gz, t10k-labels-idx1-ubyte.gz;"
            + " Debian's package dataset-fashion-mnist puts them in /usr/share/datasets/fashion-mnist)", failure());
        assertFalse(Files.exists(tree));
    }

    @Test
    void aWrongMagicIsNamed() throws IOException {
        writeLabels(TRAIN_IMAGES, LABELS);
        assertEquals("Cannot read " + source.resolve(TRAIN_IMAGES) + ": magic is 0x00000801 (expected 0x00000803)", failure());
    }

    @Test
    void lengthsThatCannotBeAreNamed() throws IOException {
        Path images = source.resolve(TRAIN_IMAGES);
        writeIdx(TRAIN_IMAGES, new int[] {0x0803, Integer.MAX_VALUE, 28, 28}, new byte[0]);
        assertEquals("Cannot read " + images + ": it announces 2147483647 items (expected 1 to 1000000)", failure());
        writeIdx(TRAIN_IMAGES, new int[] {0x0803, -1, 28, 28}, new byte[0]);
        assertEquals("Cannot read " + images + ": it announces -1 items (expected 1 to 1000000)", failure());
        writeIdx(TRAIN_IMAGES, new int[] {0x0803, 4, 32, 28}, new byte[4 * 32 * 28]);
        assertEquals("Cannot read " + images + ": its images are 32 x 28 (expected 28 x 28)", failure());
    }

    @Test
    void contentOfAnotherLengthThanAnnouncedIsNamed() throws IOException {
        Path images = source.resolve(TRAIN_IMAGES);
        writeIdx(TRAIN_IMAGES, new int[] {0x0803, 4, 28, 28}, new byte[100]);
        assertEquals("Cannot read " + images + ": it ends after 100 bytes of content (expected 3136)", failure());
        writeIdx(TRAIN_IMAGES, new int[] {0x0803, 4, 28, 28}, new byte[4 * 28 * 28 + 1]);
        assertEquals("Cannot read " + images + ": it goes on after its 3136 bytes of content", failure());
        writeImages(TRAIN_IMAGES, 3);
        assertEquals("Cannot read " + source.resolve(TRAIN_LABELS)
            + ": it has 4 labels (expected 3, one for each image)", failure());
    }

    @Test
    void aFileThatIsNotGzipOrCutShortIsNamed() throws IOException {
        Path labels = source.resolve(TRAIN_LABELS);
        byte[] whole = Files.readAllBytes(labels);
        Files.write(labels, Arrays.copyOf(whole, whole.length - 9));
        assertEquals("Cannot read " + labels + ": it is cut short (expected a gzip-compressed IDX file)", failure());
        Files.writeString(labels, "This is a page that says 404");
        assertEquals("Cannot read " + labels + ": Not in GZIP format (expected a gzip-compressed IDX file)", failure());
    }

    @Test
    void aLimitOfNothingIsRefused() {
        Exception error = assertThrows(IllegalArgumentException.class, () -> new FashionMnist.Limit(0, 5));
        assertEquals("Cannot take 0 and 5 images (expected at least 1 of each)", error.getMessage());
    }

    private void write(FashionMnist.Limit limit) throws IOException {
        new FashionMnist(source).write(tree, limit);
    }

    private String failure() {
        return assertThrows(IOException.class, () -> write(FashionMnist.Limit.NONE)).getMessage();
    }

    private List<String> images() throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            return files.filter(file -> file.toString().endsWith(".png"))
                .map(file -> tree.relativize(file).toString()).sorted().toList();
        }
    }

    private static int pixel(int image, int y, int x) {
        return (image * 50 + y * 28 + x) % 256;
    }

    private void writeImages(String name, int count) throws IOException {
        byte[] pixels = new byte[count * 28 * 28];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) pixel(i / (28 * 28), i / 28 % 28, i % 28);
        }
        writeIdx(name, new int[] {0x0803, count, 28, 28}, pixels);
    }

    private void writeLabels(String name, int... labels) throws IOException {
        byte[] bytes = new byte[labels.length];
        for (int i = 0; i < labels.length; i++) {
            bytes[i] = (byte) labels[i];
        }
        writeIdx(name, new int[] {0x0801, labels.length}, bytes);
    }

    private void writeIdx(String name, int[] header, byte[] content) throws IOException {
        try (var out = new DataOutputStream(new GZIPOutputStream(Files.newOutputStream(source.resolve(name))))) {
            for (int number : header) {
                out.writeInt(number);
            }
            out.write(content);
        }
    }
}
