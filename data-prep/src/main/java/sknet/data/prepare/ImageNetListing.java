package sknet.data.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.util.SerializableConfiguration;
import sknet.data.archive.Synsets;
import sknet.data.archive.TarEntry;
import sknet.data.shard.DatasetManifest;

/**
 * What lies in a directory with ImageNet's development kit and
 * <ul>
 * <li>ILSVRC2012_img_train.tar, an archive of archives WNID.tar, or what was extracted of it as train/WNID/NAME.JPEG;
 * <li>ILSVRC2012_img_val.tar, or what was extracted of it: val/NAME.JPEG, or sorted by class, val/WNID/NAME.JPEG.
 * </ul>
 * An image has the same id wherever it lies, {@code train/WNID/NAME} or {@code val/WNID/NAME}; so the data set is the same.
 */
final class ImageNetListing {
    private static final String TRAIN_ARCHIVE = "ILSVRC2012_img_train.tar";
    private static final String VAL_ARCHIVE = "ILSVRC2012_img_val.tar";
    private static final Pattern VAL_NAME = Pattern.compile("ILSVRC2012_val_([0-9]{8})\\.JPEG");
    private static final String INNER_SUFFIX = ".tar";
    /** An archive is listed within seconds, and Spark takes its time to start a task. */
    private static final int TASKS_A_CORE = 4;

    private final JavaSparkContext spark;
    private final FileSystem fs;
    private final Path location;
    private final ImageNetDevkit devkit;
    private final List<String> classes;
    private final List<RejectedFile> rejected = new ArrayList<>();
    private long newestMillis;

    /** @param location qualified */
    ImageNetListing(JavaSparkContext spark, FileSystem fs, Path location) throws IOException {
        this.spark = spark;
        this.fs = fs;
        this.location = location;
        Path archive = new Path(location, ImageNetDevkit.FILE);
        if (!fs.exists(archive)) {
            throw new PrepareException("Cannot prepare " + location + ": no " + ImageNetDevkit.FILE + " (expected it beside "
                    + TRAIN_ARCHIVE + " and " + VAL_ARCHIVE + ")");
        }
        devkit = ImageNetDevkit.read(fs, archive);
        classes = devkit.classes();
        newestMillis = fs.getFileStatus(archive).getModificationTime();
    }

    Listing list() throws IOException {
        List<SourceImage> train = isFile(TRAIN_ARCHIVE, DatasetManifest.TRAIN) ? trainArchive() : trainFolder();
        checkTrain(train);
        List<SourceImage> val = isFile(VAL_ARCHIVE, DatasetManifest.VAL) ? valArchive() : valFolder();
        return new Listing(classes, Map.of(DatasetManifest.TRAIN, train, DatasetManifest.VAL, val), rejected, newestMillis);
    }

    private boolean isFile(String archive, String folder) throws IOException {
        if (fs.exists(new Path(location, archive))) {
            return true;
        }
        if (!fs.exists(new Path(location, folder))) {
            throw new PrepareException("Cannot prepare " + location + ": neither " + archive + " nor " + folder
                    + "/ is there (expected one of them)");
        }
        return false;
    }

    private List<SourceImage> trainArchive() throws IOException {
        List<TarRegion> inner = new ArrayList<>();
        List<Integer> labels = new ArrayList<>();
        for (TarEntry archive : TarListingTask.list(ShardTask.withoutChecksumFiles(fs), location, whole(TRAIN_ARCHIVE))) {
            String name = archive.fileName();
            int label = name.endsWith(INNER_SUFFIX) ? classes.indexOf(name.substring(0, name.length() - INNER_SUFFIX.length())) : -1;
            if (label < 0) {
                throw new PrepareException("Cannot prepare " + location + ": " + TRAIN_ARCHIVE + " holds " + archive.name()
                        + " (expected WNID.tar, a WNID of " + ImageNetDevkit.FILE + ")");
            }
            labels.add(label);
            inner.add(new TarRegion(TRAIN_ARCHIVE, new Path(location, TRAIN_ARCHIVE) + ":" + name, archive.offset(),
                    archive.offset() + archive.bytes()));
        }
        if (inner.isEmpty()) {
            throw new PrepareException("Cannot prepare " + location + ": " + TRAIN_ARCHIVE + " is empty (expected an archive a class)");
        }
        TarListingTask task = new TarListingTask(spark.broadcast(new SerializableConfiguration(spark.hadoopConfiguration())), location);
        int tasks = Math.min(inner.size(), TASKS_A_CORE * spark.defaultParallelism());
        List<ArrayList<TarEntry>> listed = SparkJob.run(spark.parallelize(inner, tasks).map(task), () -> { });
        List<SourceImage> images = new ArrayList<>();
        for (int i = 0; i < listed.size(); i++) {
            for (TarEntry entry : listed.get(i)) {
                add(DatasetManifest.TRAIN, TRAIN_ARCHIVE, entry, labels.get(i), images);
            }
        }
        return images;
    }

    private List<SourceImage> trainFolder() throws IOException {
        FolderListing folder = new FolderListing(fs, location, classes);
        List<SourceImage> images = folder.split(DatasetManifest.TRAIN);
        take(folder);
        return images;
    }

    private List<SourceImage> valArchive() throws IOException {
        return val(VAL_ARCHIVE, TarListingTask.list(ShardTask.withoutChecksumFiles(fs), location, whole(VAL_ARCHIVE)), VAL_ARCHIVE);
    }

    private List<SourceImage> valFolder() throws IOException {
        List<TarEntry> files = new ArrayList<>();
        boolean flat = false;
        for (FileStatus file : fs.listStatus(new Path(location, DatasetManifest.VAL))) {
            flat |= file.isFile() && VAL_NAME.matcher(file.getPath().getName()).matches();
            newestMillis = Math.max(newestMillis, file.getModificationTime());
            if (file.isFile()) {
                files.add(new TarEntry(file.getPath().getName(), 0, file.getLen()));
            }
        }
        if (flat) {
            return val(DatasetManifest.VAL + "/", files, "");
        }
        FolderListing folder = new FolderListing(fs, location, classes);
        List<SourceImage> images = folder.split(DatasetManifest.VAL);
        take(folder);
        return images;
    }

    /** @param archive what the files are in; empty if each is one of its own */
    private List<SourceImage> val(String where, List<TarEntry> files, String archive) {
        List<SourceImage> images = new ArrayList<>();
        BitSet seen = new BitSet();
        int expected = devkit.groundTruth().size();
        for (TarEntry file : files) {
            Matcher name = VAL_NAME.matcher(file.fileName());
            if (!name.matches()) {
                rejected.add(new RejectedFile(where + file.name(), "has another name (expected ILSVRC2012_val_NUMBER.JPEG)"));
                continue;
            }
            int number = Integer.parseInt(name.group(1));
            if (number < 1 || number > expected) {
                throw new PrepareException("Cannot prepare " + location + ": " + file.fileName() + " has no ground truth (expected 1 to "
                        + expected + ", the lines of " + ImageNetDevkit.FILE + ")");
            }
            seen.set(number);
            int label = Collections.binarySearch(classes, devkit.wnidOf(number));
            add(DatasetManifest.VAL, archive.isEmpty() ? where + file.fileName() : archive, file, label, images);
        }
        if (seen.cardinality() != expected || images.size() != expected) {
            throw new PrepareException("Cannot prepare " + location + ": " + where + " has " + images.size()
                    + " images, the first missing is " + seen.nextClearBit(1) + " (expected " + expected + ", each once, as "
                    + ImageNetDevkit.FILE + " has lines of ground truth)");
        }
        return images;
    }

    private void add(String split, String file, TarEntry entry, int label, List<SourceImage> images) {
        String id = split + "/" + classes.get(label) + "/" + entry.fileName();
        if (FolderListing.isImageName(entry.fileName())) {
            images.add(new SourceImage(id, label, new SourceImage.Place(file, entry.offset(), entry.bytes())));
        } else {
            rejected.add(new RejectedFile(id, FolderListing.OTHER_EXTENSION));
        }
    }

    private void checkTrain(List<SourceImage> images) {
        int[] counts = new int[classes.size()];
        images.forEach(image -> counts[image.label()]++);
        for (Synsets.Synset synset : devkit.synsets().leaves()) {
            int count = counts[classes.indexOf(synset.wnid())];
            if (count != synset.trainImages()) {
                throw new PrepareException("Cannot prepare " + location + ": " + synset.wnid() + " has " + count
                        + " training images (expected " + synset.trainImages() + ", as " + ImageNetDevkit.FILE + " says)");
            }
        }
    }

    private TarRegion whole(String archive) throws IOException {
        FileStatus status = fs.getFileStatus(new Path(location, archive));
        newestMillis = Math.max(newestMillis, status.getModificationTime());
        return new TarRegion(archive, status.getPath().toString(), 0, status.getLen());
    }

    private void take(FolderListing folder) {
        rejected.addAll(folder.rejected());
        newestMillis = Math.max(newestMillis, folder.newestMillis());
    }
}
