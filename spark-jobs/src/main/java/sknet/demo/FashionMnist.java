package sknet.demo;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Fashion-MNIST (Xiao, Rasul, Vollgraf 2017), 60,000 + 10,000 grey images of 28 x 28 in ten classes, as a tree of PNG files in
 * class folders: {@code train/sneaker/00001.png}, {@code val/bag/00019.png}; a number is the image's place in its IDX file.
 *
 * @param source the directory of the four IDX files
 */
public record FashionMnist(Path source) {
    /** Where Debian's package dataset-fashion-mnist puts the four files. */
    public static final Path DEBIAN_SOURCE = Path.of("/usr/share/datasets/fashion-mnist");
    /** The folders, in the order of the labels. */
    public static final List<String> CLASSES = List.of(
        "t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle-boot");

    private static final int SIDE = 28;
    private static final List<String> FILES = List.of("train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz",
        "t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz");
    private static final int IMAGES_PER_WRITER = 500;
    private static final String WHOLE = "_whole";
    private static final String UNFINISHED = "_unfinished";

    /** How many images of each split to take, from the first and at least one; more than there are means all. */
    public record Limit(int train, int val) {
        public Limit {
            if (train < 1 || val < 1) {
                throw new IllegalArgumentException(
                    "Cannot take " + train + " and " + val + " images (expected at least 1 of each)");
            }
        }

        /** The whole data set. */
        public static final Limit NONE = new Limit(Integer.MAX_VALUE, Integer.MAX_VALUE);
    }

    /**
     * Writes the tree. One that is whole already, of the same limit, is left as it is; a half-written one is made again.
     *
     * @param directory where {@code train} and {@code val} go; made when absent
     * @throws IOException when the source lacks a file or one is damaged, or the directory holds something else
     */
    public void write(Path directory, Limit limit) throws IOException {
        String content = "Fashion-MNIST, train <= " + limit.train() + ", val <= " + limit.val() + "\n";
        if (Files.exists(directory.resolve(WHOLE)) && Files.readString(directory.resolve(WHOLE)).equals(content)) {
            return;
        }
        requireFiles();
        takeOver(directory);
        writeSplit("train", directory.resolve("train"), limit.train());
        writeSplit("t10k", directory.resolve("val"), limit.val());
        Files.writeString(directory.resolve(UNFINISHED), content);
        Files.move(directory.resolve(UNFINISHED), directory.resolve(WHOLE), StandardCopyOption.ATOMIC_MOVE);
    }

    private void requireFiles() throws IOException {
        List<String> missing = FILES.stream().filter(file -> !Files.isReadable(source.resolve(file))).toList();
        if (!missing.isEmpty()) {
            throw new IOException("Cannot read Fashion-MNIST: " + source + " has no " + String.join(", ", missing) + " (expected "
                + String.join(", ", FILES) + "; Debian's package dataset-fashion-mnist puts them in " + DEBIAN_SOURCE + ")");
        }
    }

    /** Leaves the directory empty but for the mark that it is being written, and deletes nothing that was not written here. */
    private static void takeOver(Path directory) throws IOException {
        Files.createDirectories(directory);
        boolean ours = Files.exists(directory.resolve(WHOLE)) || Files.exists(directory.resolve(UNFINISHED));
        try (Stream<Path> entries = Files.list(directory)) {
            if (!ours && entries.findAny().isPresent()) {
                throw new IOException("Cannot write Fashion-MNIST to " + directory
                    + ": it holds other files (expected an empty directory)");
            }
        }
        Files.writeString(directory.resolve(UNFINISHED), "");
        Files.deleteIfExists(directory.resolve(WHOLE));
        delete(directory.resolve("train"));
        delete(directory.resolve("val"));
    }

    private static void delete(Path tree) throws IOException {
        if (Files.exists(tree)) {
            try (Stream<Path> files = Files.walk(tree)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void writeSplit(String prefix, Path folder, int limit) throws IOException {
        Path labelFile = source.resolve(prefix + "-labels-idx1-ubyte.gz");
        IdxFile labels = IdxFile.labels(labelFile);
        IdxFile images = IdxFile.images(source.resolve(prefix + "-images-idx3-ubyte.gz"), SIDE);
        if (labels.count() != images.count()) {
            throw new IOException("Cannot read " + labelFile + ": it has " + labels.count() + " labels (expected "
                + images.count() + ", one for each image)");
        }
        for (int i = 0; i < labels.count(); i++) {
            int label = Byte.toUnsignedInt(labels.bytes()[i]);
            if (label >= CLASSES.size()) {
                throw new IOException("Cannot read " + labelFile + ": label " + label + " of image " + i + " (expected 0 to 9)");
            }
        }
        for (String name : CLASSES) {
            Files.createDirectories(folder.resolve(name));
        }
        int count = Math.min(limit, images.count());
        try {
            IntStream.rangeClosed(0, (count - 1) / IMAGES_PER_WRITER).parallel().map(chunk -> chunk * IMAGES_PER_WRITER)
                .forEach(first -> writeImages(folder, images, labels, first, Math.min(count, first + IMAGES_PER_WRITER)));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static void writeImages(Path folder, IdxFile images, IdxFile labels, int first, int end) {
        BufferedImage image = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_BYTE_GRAY);
        byte[] raster = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        ImageWriter png = ImageIO.getImageWritersByFormatName("png").next();
        try {
            for (int i = first; i < end; i++) {
                System.arraycopy(images.bytes(), i * raster.length, raster, 0, raster.length);
                ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
                // Not ImageIO.write: it goes through a temporary file.
                try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
                    png.setOutput(out);
                    png.write(image);
                }
                Path file = folder.resolve(CLASSES.get(labels.bytes()[i])).resolve(String.format(Locale.ROOT, "%05d.png", i));
                Files.write(file, bytes.toByteArray());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } finally {
            png.dispose();
        }
    }
}
