package sknet.data.shard;

import java.io.IOException;
import java.util.Arrays;
import java.util.UUID;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** Files that exist under their final name only when they are whole: written aside, closed, then renamed. */
public final class WholeFile {
    private static final String TEMPORARY_SUFFIX = ".tmp";
    private static final int BUFFER_BYTES = 1 << 16;

    private WholeFile() {
    }

    /**
     * Writes a small file whole or not at all.
     *
     * @throws IOException if it cannot be written, or exists already with other content
     */
    public static void write(FileSystem fs, Path file, byte[] content) throws IOException {
        Path temporary = temporary(file);
        try {
            FSDataOutputStream out = fs.create(temporary, false);
            try {
                out.write(content);
            } finally {
                // Not by try-with-resources: when a write has failed, HDFS's streams throw the very same exception again, which Java forbids to suppress.
                out.close();
            }
            promote(fs, temporary, file);
        } catch (IOException | RuntimeException failure) {
            discard(fs, temporary, failure);
            throw failure;
        }
    }

    /** Whether a name is that of a file still being written, or left behind by a writer that was killed. */
    public static boolean isTemporary(Path file) {
        return file.getName().startsWith("_") && file.getName().endsWith(TEMPORARY_SUFFIX);
    }

    /** A name beside the final one that no other attempt uses and that Hadoop's readers pass over. */
    static Path temporary(Path file) {
        return new Path(file.getParent(), "_" + file.getName() + "." + UUID.randomUUID() + TEMPORARY_SUFFIX);
    }

    /**
     * Gives a closed temporary file its final name. A file already there is accepted if it holds the same bytes, because
     * another attempt at the same work may have come first; it is never replaced, because somebody may be reading it.
     *
     * @return whether the name was given by this call
     */
    static boolean promote(FileSystem fs, Path temporary, Path file) throws IOException {
        // A rename onto an existing file is refused by HDFS but replaces it on a local file system.
        if (!fs.exists(file) && fs.rename(temporary, file)) {
            return true;
        }
        if (!fs.exists(file)) {
            throw new IOException("Cannot write " + file + ": rename of " + temporary.getName() + " was refused (expected true)");
        }
        if (!sameContent(fs, temporary, file)) {
            throw new IOException("Cannot write " + file + ": it exists with other content (expected no file or the same bytes)");
        }
        fs.delete(temporary, false);
        return false;
    }

    /** Removes a file after a failure, which stays the first error. */
    static void discard(FileSystem fs, Path file, Exception failure) {
        try {
            fs.delete(file, false);
        } catch (IOException second) {
            failure.addSuppressed(second);
        }
    }

    private static boolean sameContent(FileSystem fs, Path one, Path other) throws IOException {
        if (fs.getFileStatus(one).getLen() != fs.getFileStatus(other).getLen()) {
            return false;
        }
        byte[] left = new byte[BUFFER_BYTES];
        byte[] right = new byte[BUFFER_BYTES];
        try (FSDataInputStream first = fs.open(one); FSDataInputStream second = fs.open(other)) {
            int length;
            do {
                length = first.readNBytes(left, 0, BUFFER_BYTES);
                if (length != second.readNBytes(right, 0, BUFFER_BYTES) || !Arrays.equals(left, 0, length, right, 0, length)) {
                    return false;
                }
            } while (length == BUFFER_BYTES);
            return true;
        }
    }
}
