package sknet.interchange;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;

/** A file for an {@link OnnxModel} on any file system of Hadoop's: under its name it is whole, or not there. */
public final class OnnxFile {
    private static final int BUFFER_BYTES = 1 << 20;

    private final FileSystem fileSystem;
    private final Path path;

    /** What becomes of a file that is there already. */
    public enum Existing {
        /** It stays, and nothing is written. */
        REFUSE,
        /** The new one takes its place when it is whole. */
        REPLACE
    }

    private OnnxFile(FileSystem fileSystem, Path path) {
        this.fileSystem = fileSystem;
        this.path = path;
    }

    /**
     * A file of this name, which nothing has been written to yet.
     *
     * @throws IllegalArgumentException if there is one that is not to be replaced, or a directory
     */
    public static OnnxFile at(FileSystem fileSystem, Path path, Existing existing) throws IOException {
        // Hadoop's local file system would write a file of checksums beside each, for no reader but itself.
        FileSystem plain = fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
        Path qualified = plain.makeQualified(path);
        if (plain.exists(qualified) && (existing == Existing.REFUSE || plain.getFileStatus(qualified).isDirectory())) {
            throw new IllegalArgumentException("Cannot write " + qualified + ": it exists (expected a name that is free, or a file and --overwrite)");
        }
        return new OnnxFile(plain, qualified);
    }

    /**
     * Writes the file: under a temporary name, closed, then renamed.
     *
     * @return its path
     * @throws IOException if that fails; nothing is left but what was there
     */
    public Path write(OnnxModel model) throws IOException {
        Path temporary = new Path(path.getParent(), "." + path.getName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try (OutputStream out = new BufferedOutputStream(fileSystem.create(temporary, false), BUFFER_BYTES)) {
                model.writeTo(out);
            }
            // HDFS does not rename onto a file.
            fileSystem.delete(path, false);
            if (!fileSystem.rename(temporary, path)) {
                throw new IOException("the file system refused to rename " + temporary.getName());
            }
            return path;
        } catch (IOException e) {
            discard(temporary, e);
            throw new IOException("Cannot write " + path + ": " + e.getMessage(), e);
        }
    }

    private void discard(Path temporary, IOException cause) {
        try {
            fileSystem.delete(temporary, false);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }
}
