package sknet.data.shard;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Directories that exist under their final name only when they are whole: written aside, then renamed. */
public final class WholeDirectory {

    private WholeDirectory() {
    }

    /** Writes what a directory is to hold. */
    @FunctionalInterface
    public interface Content {

        /** @param directory exists, and has another name yet */
        void write(Path directory) throws IOException;
    }

    /**
     * Writes a directory whole, in place of what has its name, or not at all.
     *
     * @throws IOException if it cannot be written; nothing is left but what was there
     */
    public static void write(FileSystem fs, Path directory, Content content) throws IOException {
        Path temporary = WholeFile.temporary(directory);
        try {
            fs.mkdirs(temporary);
            content.write(temporary);
            fs.delete(directory, true);
            if (!fs.rename(temporary, directory)) {
                throw new IOException("Cannot write " + directory + ": rename of " + temporary.getName() + " was refused (expected true)");
            }
        } catch (IOException | RuntimeException failure) {
            discard(fs, temporary, failure);
            throw failure;
        }
    }

    /** Removes a directory after a failure, which stays the first error. */
    private static void discard(FileSystem fs, Path directory, Exception failure) {
        try {
            fs.delete(directory, true);
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
    }
}
