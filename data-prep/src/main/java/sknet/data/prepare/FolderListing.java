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
 *
 * @param classes  sorted
 * @param images   by split name, sorted by id
 * @param rejected sorted by path
 */
record FolderListing(List<String> classes, Map<String, List<SourceImage>> images, List<RejectedFile> rejected) {
    private static final Pattern IMAGE_NAME = Pattern.compile("(?i).+\\.(jpg|jpeg|png)");

    /**
     * Lists a source folder.
     *
     * @param source qualified
     * @throws PrepareException if it is no ImageFolder tree, or a class of train/ or all of val/ is empty
     */
    static FolderListing of(FileSystem fs, Path source) throws IOException {
        if (!fs.exists(source) || !fs.getFileStatus(source).isDirectory()) {
            throw new PrepareException("Cannot prepare " + source
                    + ": no such directory (expected a folder with train/ and val/)");
        }
        FolderListing listing = new FolderListing(classes(fs, source), new TreeMap<>(), new ArrayList<>());
        for (String split : List.of(DatasetManifest.TRAIN, DatasetManifest.VAL)) {
            listing.addSplit(fs, source, split);
        }
        listing.rejected.sort(Comparator.comparing(RejectedFile::path));
        return listing;
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

    private void addSplit(FileSystem fs, Path source, String split) throws IOException {
        List<SourceImage> found = new ArrayList<>();
        for (FileStatus child : fs.listStatus(new Path(source, split))) {
            if (child.isDirectory()) {
                String name = child.getPath().getName();
                int label = classes.indexOf(name);
                if (label < 0 && !isHidden(name)) {
                    throw new PrepareException("Cannot prepare " + source + ": class '" + name
                            + "' in val/ is not in train/ (expected one of its "
                            + classes.size() + " classes)");
                }
                addTree(fs, child.getPath(), source, label, found);
            } else {
                addFile(child, source, -1, found);
            }
        }
        found.sort(Comparator.comparing(SourceImage::id));
        images.put(split, List.copyOf(found));
    }

    /** Own recursion, since {@code FileSystem.listFiles} on a local file system starts a process for each file's permissions. */
    private void addTree(FileSystem fs, Path directory, Path source, int label, List<SourceImage> found) throws IOException {
        for (FileStatus child : fs.listStatus(directory)) {
            if (child.isDirectory()) {
                addTree(fs, child.getPath(), source, label, found);
            } else {
                addFile(child, source, label, found);
            }
        }
    }

    private void addFile(FileStatus file, Path source, int label, List<SourceImage> found) {
        String id = relative(source, file.getPath());
        boolean hidden = false;
        for (String part : id.split("/")) {
            hidden |= isHidden(part);
        }
        boolean image = IMAGE_NAME.matcher(file.getPath().getName()).matches();
        if (hidden && image) {
            rejected.add(new RejectedFile(id, "is hidden (a name in its path starts with '.' or '_')"));
        } else if (!hidden && !image) {
            rejected.add(new RejectedFile(id, "has another extension (expected .jpg, .jpeg or .png)"));
        } else if (!hidden && label < 0) {
            rejected.add(new RejectedFile(id, "is outside a class directory"));
        } else if (!hidden) {
            found.add(new SourceImage(id, label, file.getLen()));
        }
    }

    /** Path below the source, textually: a URI's own arithmetic trips over spaces and percent signs. */
    private static String relative(Path source, Path file) {
        String parent = source.toUri().getPath();
        return file.toUri().getPath().substring(parent.endsWith("/") ? parent.length() : parent.length() + 1);
    }

    private static boolean isHidden(String name) {
        return name.startsWith(".") || name.startsWith("_");
    }
}
