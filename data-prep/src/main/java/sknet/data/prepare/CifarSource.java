package sknet.data.prepare;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import sknet.data.archive.ForwardBytes;
import sknet.data.archive.TarArchive;
import sknet.data.archive.TarEntry;
import sknet.data.shard.DatasetManifest;

/**
 * The binary version of CIFAR-10 or CIFAR-100 (Krizhevsky 2009), as published: colour images of 32 x 32, which become PNG files.
 *
 * @param location cifar-10-binary.tar.gz or cifar-100-binary.tar.gz
 */
public record CifarSource(String location, Kind kind) implements Source {
    private static final int SIDE = 32;
    private static final int PIXEL_BYTES = 3 * SIDE * SIDE;
    private static final int MOST_NAME_BYTES = 1 << 16;

    /** Which of the two. */
    public enum Kind {
        /** Ten classes; a record is the label and the pixels. */
        CIFAR10("data_batch_[0-9]+\\.bin", "test_batch.bin", "batches.meta.txt", 1),
        /** A hundred classes; a record is the coarse label, which is not used, the fine one, and the pixels. */
        CIFAR100("train\\.bin", "test.bin", "fine_label_names.txt", 2);

        private final Pattern train;
        private final String val;
        private final String names;
        private final int labelBytes;

        Kind(String train, String val, String names, int labelBytes) {
            this.train = Pattern.compile(train);
            this.val = val;
            this.names = names;
            this.labelBytes = labelBytes;
        }

        private Optional<String> split(String file) {
            return file.equals(val) ? Optional.of(DatasetManifest.VAL)
                    : train.matcher(file).matches() ? Optional.of(DatasetManifest.TRAIN) : Optional.empty();
        }
    }

    /** An image whose class has no name yet: the names may be anywhere in the archive. */
    private record Unnamed(String split, String file, int number, int label, long offset) {
        SourceImage named(List<String> classes, String archive) {
            String stem = file.substring(0, file.lastIndexOf('.'));
            return new SourceImage(String.format(Locale.ROOT, "%s/%s/%s-%05d.png", split, classes.get(label), stem, number), label,
                    new SourceImage.Place(archive, offset, PIXEL_BYTES));
        }
    }

    @Override
    public Listing list(JavaSparkContext spark, FileSystem fs, Path archive) throws IOException {
        if (!fs.exists(archive)) {
            throw new PrepareException("Cannot prepare " + archive + ": no such file (expected the archive as published)");
        }
        List<String> classes = new ArrayList<>();
        List<Unnamed> found = new ArrayList<>();
        try (ForwardBytes in = ForwardBytes.open(fs, archive)) {
            TarArchive tar = new TarArchive(in, archive.toString(), 0, Long.MAX_VALUE);
            for (Optional<TarEntry> entry = tar.next(); entry.isPresent(); entry = tar.next()) {
                TarEntry file = entry.get();
                if (file.fileName().equals(kind.names)) {
                    classes.addAll(names(in, archive, file));
                } else if (kind.split(file.fileName()).isPresent()) {
                    addRecords(in, archive, file, kind.split(file.fileName()).get(), found);
                }
            }
        }
        Map<String, List<SourceImage>> images = new TreeMap<>(Map.of(DatasetManifest.TRAIN, new ArrayList<>(),
                DatasetManifest.VAL, new ArrayList<>()));
        for (Unnamed image : found) {
            if (image.label >= classes.size()) {
                throw new PrepareException("Cannot prepare " + archive + ": record " + image.number + " of " + image.file + " has label "
                        + image.label + " (expected 0 to " + (classes.size() - 1) + ", the lines of " + kind.names + ")");
            }
            images.get(image.split).add(image.named(classes, archive.getName()));
        }
        return new Listing(classes, images, List.of(), fs.getFileStatus(archive).getModificationTime());
    }

    @Override
    public ImageReader open(FileSystem fs, Path archive, List<SourceImage> images) throws IOException {
        return PixelRecords.read(fs, archive.getParent(), images, new RgbPlanes(SIDE, SIDE));
    }

    private void addRecords(ForwardBytes in, Path archive, TarEntry file, String split, List<Unnamed> found) throws IOException {
        int recordBytes = kind.labelBytes + PIXEL_BYTES;
        if (file.bytes() % recordBytes != 0) {
            throw new PrepareException("Cannot prepare " + archive + ": " + file.fileName() + " has " + file.bytes()
                    + " bytes (expected records of " + recordBytes + ")");
        }
        byte[] labels = new byte[kind.labelBytes];
        for (int i = 0; i < file.bytes() / recordBytes; i++) {
            long offset = file.offset() + (long) i * recordBytes;
            in.readFully(offset, labels);
            found.add(new Unnamed(split, file.fileName(), i, Byte.toUnsignedInt(labels[labels.length - 1]), offset + labels.length));
        }
    }

    private static List<String> names(ForwardBytes in, Path archive, TarEntry file) throws IOException {
        if (file.bytes() > MOST_NAME_BYTES) {
            throw new PrepareException("Cannot prepare " + archive + ": " + file.fileName() + " has " + file.bytes()
                    + " bytes (expected the names of the classes)");
        }
        byte[] content = new byte[(int) file.bytes()];
        in.readFully(file.offset(), content);
        return new String(content, StandardCharsets.UTF_8).lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    }
}
