package sknet.data.prepare;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import sknet.data.archive.IdxFile;
import sknet.data.shard.DatasetManifest;

/**
 * The four IDX files of MNIST and its likes, each with or without {@code .gz}: grey images, which become PNG files.
 *
 * @param location   the directory of the files
 * @param classNames by label; empty to call each class by its number
 * @param limit      how many images of each split to take, from the first
 */
public record IdxSource(String location, List<String> classNames, Limit limit) implements Source {
    private static final Map<String, String> PREFIXES = Map.of(DatasetManifest.TRAIN, "train", DatasetManifest.VAL, "t10k");

    public IdxSource {
        // Not List.copyOf alone: its lists do not say that they can be serialised.
        classNames = new ArrayList<>(classNames);
    }

    /** Numbers of images, at least one of each; more than there are mean all. */
    public record Limit(int train, int val) implements Serializable {
        /** The whole data set. */
        public static final Limit NONE = new Limit(Integer.MAX_VALUE, Integer.MAX_VALUE);

        public Limit {
            if (train < 1 || val < 1) {
                throw new IllegalArgumentException("Cannot take " + train + " and " + val + " images (expected at least 1 of each)");
            }
        }

        int of(String split) {
            return split.equals(DatasetManifest.TRAIN) ? train : val;
        }
    }

    @Override
    public Listing list(JavaSparkContext spark, FileSystem fs, Path directory) throws IOException {
        Map<String, byte[]> labels = new TreeMap<>();
        long newest = 0;
        for (String split : PREFIXES.keySet()) {
            Path file = file(fs, directory, split, "labels-idx1-ubyte");
            labels.put(split, IdxFile.labels(fs, file));
            newest = Math.max(newest, fs.getFileStatus(file).getModificationTime());
        }
        List<String> classes = classes(labels);
        Map<String, List<SourceImage>> images = new TreeMap<>();
        for (String split : PREFIXES.keySet()) {
            Path file = file(fs, directory, split, "images-idx3-ubyte");
            newest = Math.max(newest, fs.getFileStatus(file).getModificationTime());
            images.put(split, images(fs, file, split, labels.get(split), classes));
        }
        return new Listing(classes, images, List.of(), newest);
    }

    @Override
    public ImageReader open(FileSystem fs, Path directory, List<SourceImage> images) throws IOException {
        // All images of a shard are of one split, and so of one file.
        IdxFile file = IdxFile.images(fs, new Path(directory, images.get(0).place().file()));
        return PixelRecords.read(fs, directory, images, new GreyPixels(file.columns(), file.rows()));
    }

    private List<String> classes(Map<String, byte[]> labels) {
        if (!classNames.isEmpty()) {
            return classNames;
        }
        int classes = 0;
        for (byte label : labels.get(DatasetManifest.TRAIN)) {
            classes = Math.max(classes, Byte.toUnsignedInt(label) + 1);
        }
        return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    }

    private List<SourceImage> images(FileSystem fs, Path file, String split, byte[] labels, List<String> classes) throws IOException {
        IdxFile idx = IdxFile.images(fs, file);
        if (idx.count() != labels.length) {
            throw new PrepareException("Cannot read " + file + ": it has " + idx.count() + " images (expected " + labels.length
                    + ", one for each label)");
        }
        List<SourceImage> images = new ArrayList<>();
        for (int i = 0; i < Math.min(limit.of(split), labels.length); i++) {
            int label = Byte.toUnsignedInt(labels[i]);
            if (label >= classes.size()) {
                throw new PrepareException("Cannot read the labels of " + file + ": label " + label + " of image " + i + " (expected 0 to "
                        + (classes.size() - 1) + ")");
            }
            images.add(new SourceImage(String.format(Locale.ROOT, "%s/%s/%05d.png", split, classes.get(label), i), label,
                    new SourceImage.Place(file.getName(), idx.offset() + (long) i * idx.itemBytes(), idx.itemBytes())));
        }
        return images;
    }

    private static Path file(FileSystem fs, Path directory, String split, String suffix) throws IOException {
        String name = PREFIXES.get(split) + "-" + suffix;
        for (String candidate : List.of(name, name + ".gz")) {
            if (fs.exists(new Path(directory, candidate))) {
                return new Path(directory, candidate);
            }
        }
        throw new PrepareException("Cannot prepare " + directory + ": no " + name + " (expected it, or " + name + ".gz, beside the other"
                + " three IDX files)");
    }
}
