package sknet.data.prepare;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sknet.data.shard.DatasetManifest;

/**
 * What lies in an ImageFolder tree: SOURCE/train/CLASS/... and SOURCE/val/CLASS/..., at any depth below the class.
 *
 * <p>The classes are the sorted directory names of train/; val/ may lack some of them but have no other. Files that do not end
 * in .jpg, .jpeg or .png (in any case), or lie outside a class directory, are rejected with that reason. Hidden files and
 * directories, whose names start with "." or "_", are passed over as Hadoop does; only if a hidden file is called like an
 * image is it rejected with a reason, so that no image goes missing without a word.
 */
final class FolderListing {
    private static final Pattern IMAGE_NAME = Pattern.compile("(?i).+\\.(jpg|jpeg|png)");

    static final String OTHER_EXTENSION = "has another extension (expected .jpg, .jpeg or .png)";

    private final FileSystem fs;
    private final Path source;
    private final List<String> classes;
    private final List<RejectedFile> rejected = new ArrayList<>();
    private long newestMillis;

    /** @param classes the directories to expect in a split, by label */
    FolderListing(FileSystem fs, Path source, List<String> classes) {
        this.fs = fs;
        this.source = source;
        this.classes = classes;
    }

    /**
     * Lists a source folder.
     *
     * @param source qualified
     * @throws PrepareException if it is no ImageFolder tree, or a class of train/ or all of val/ is empty
     */
    static Listing of(FileSystem fs, Path source) throws IOException {
        if (!fs.exists(source) || !fs.getFileStatus(source).isDirectory()) {
            throw new PrepareException("Cannot prepare " + source
                    + ": no such directory (expected a folder with train/ and val/)");
        }
        FolderListing folder = new FolderListing(fs, source, classes(fs, source));
        Map<String, List<SourceImage>> images = new TreeMap<>();
        for (String split : List.of(DatasetManifest.TRAIN, DatasetManifest.VAL)) {
            images.put(split, folder.split(split));
        }
        return new Listing(folder.classes, images, folder.rejected, folder.newestMillis);
    }

    /** The files left out of the splits that were listed. */
    List<RejectedFile> rejected() {
        return rejected;
    }

    /** When the last of the files listed was changed, since the epoch. */
    long newestMillis() {
        return newestMillis;
    }

    private static List<String> classes(FileSystem fs, Path source) throws IOException {
        for (String split : List.of(DatasetManifest.TRAIN, DatasetManifest.VAL)) {
            Path directory = new Path(source, split);
            if (!fs.exists(directory) || !fs.getFileStatus(directory).isDirectory()) {
                throw new PrepareException("Cannot prepare " + source + ": no directory " + split
                        + "/ (expected train/<class>/ and val/<class>/ with images)");
            }
        }
        List<String> classes = new ArrayList<>();
        for (FileStatus child : fs.listStatus(new Path(source, DatasetManifest.TRAIN))) {
            String name = child.getPath().getName();
            if (child.isDirectory() && !isHidden(name)) {
                if (name.chars().anyMatch(Character::isISOControl)) {
                    throw new PrepareException("Cannot prepare " + source + ": class '" + name.replaceAll("\\p{Cntrl}", "?")
                            + "' in train/ has a control character in its name (expected none)");
                }
                classes.add(name);
            }
        }
        if (classes.isEmpty()) {
            throw new PrepareException("Cannot prepare " + source + ": train/ has no class directory (expected at least one)");
        }
        classes.sort(Comparator.naturalOrder());
        return List.copyOf(classes);
    }

    /** Lists the class directories of a split, and whatever is beside them. */
    List<SourceImage> split(String split) throws IOException {
        List<SourceImage> found = new ArrayList<>();
        for (FileStatus child : fs.listStatus(new Path(source, split))) {
            if (child.isDirectory()) {
                String name = child.getPath().getName();
                int label = classes.indexOf(name);
                if (label < 0 && !isHidden(name)) {
                    throw new PrepareException("Cannot prepare " + source + ": class '" + name
                            + "' in " + split + "/ is not in train/ (expected one of its "
                            + classes.size() + " classes)");
                }
                addTree(child.getPath(), label, found);
            } else {
                addFile(child, -1, found);
            }
        }
        return found;
    }

    /** Own recursion, since {@code FileSystem.listFiles} on a local file system starts a process for each file's permissions. */
    private void addTree(Path directory, int label, List<SourceImage> found) throws IOException {
        for (FileStatus child : fs.listStatus(directory)) {
            if (child.isDirectory()) {
                addTree(child.getPath(), label, found);
            } else {
                addFile(child, label, found);
            }
        }
    }

    private void addFile(FileStatus file, int label, List<SourceImage> found) {
        String id = relative(source, file.getPath());
        boolean hidden = false;
        for (String part : id.split("/")) {
            hidden |= isHidden(part);
        }
        boolean image = isImageName(file.getPath().getName());
        newestMillis = Math.max(newestMillis, file.getModificationTime());
        if (hidden && image) {
            rejected.add(new RejectedFile(id, "is hidden (a name in its path starts with '.' or '_')"));
        } else if (!hidden && !image) {
            rejected.add(new RejectedFile(id, OTHER_EXTENSION));
        } else if (!hidden && label < 0) {
            rejected.add(new RejectedFile(id, "is outside a class directory"));
        } else if (!hidden) {
            found.add(new SourceImage(id, label, new SourceImage.Place(id, 0, file.getLen())));
        }
    }

    /** Path below the source, textually: a URI's own arithmetic trips over spaces and percent signs. */
    private static String relative(Path source, Path file) {
        String parent = source.toUri().getPath();
        return file.toUri().getPath().substring(parent.endsWith("/") ? parent.length() : parent.length() + 1);
    }

    /** Whether a file of that name should be an image. */
    static boolean isImageName(String name) {
        return IMAGE_NAME.matcher(name).matches();
    }

    private static boolean isHidden(String name) {
        return name.startsWith(".") || name.startsWith("_");
    }
}
