package sknet.analyze;

import java.io.IOException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import sknet.data.shard.WholeDirectory;

/** A directory that an analysis writes: under its name it is whole, or not there. */
public final class AnalysisDirectory {

    /** What makes a directory that of an analysis. */
    static final String FACTS = "analysis.json";

    private final FileSystem fileSystem;
    private final Path path;

    /** What becomes of a directory that is there already. */
    public enum Existing {
        /** It stays, and nothing is written. */
        REFUSE,
        /** The new one takes its place when it is whole, if it is that of an analysis. */
        REPLACE
    }

    /** Writes all files into a directory that exists. */
    @FunctionalInterface
    interface Content {
        void write(FileSystem fileSystem, Path directory) throws IOException;
    }

    private AnalysisDirectory(FileSystem fileSystem, Path path) {
        this.fileSystem = fileSystem;
        this.path = path;
    }

    /**
     * A directory of this name, which nothing has been written to yet.
     *
     * @throws IllegalArgumentException if the name is taken and may not be replaced
     */
    public static AnalysisDirectory at(FileSystem fileSystem, Path path, Existing existing) throws IOException {
        // Hadoop's local file system would write a file of checksums beside each, for no reader but itself.
        FileSystem plain = fileSystem instanceof LocalFileSystem local ? local.getRawFileSystem() : fileSystem;
        Path qualified = plain.makeQualified(path);
        if (plain.exists(qualified) && (existing == Existing.REFUSE || !plain.exists(new Path(qualified, FACTS)))) {
            throw new IllegalArgumentException("Cannot write " + qualified
                + ": it exists (expected a name that is free, or an analysis and --overwrite)");
        }
        return new AnalysisDirectory(plain, qualified);
    }

    /**
     * Writes the directory whole.
     *
     * @return its path
     */
    Path write(Content content) throws IOException {
        WholeDirectory.write(fileSystem, path, directory -> content.write(fileSystem, directory));
        return path;
    }
}
