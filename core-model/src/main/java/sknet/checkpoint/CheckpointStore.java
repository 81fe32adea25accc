package sknet.checkpoint;

import java.io.FileNotFoundException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.ChecksumException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.hdfs.BlockMissingException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoints of one run, in one directory: {@code step-<number>.zip}. The listing is the truth; there is no pointer. */
public final class CheckpointStore {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
    private static final Pattern NAME = Pattern.compile("step-(\\d{1,18})\\.zip");
    private static final Pattern TEMPORARY = Pattern.compile("\\.step-\\d{1,18}\\.zip\\..*\\.tmp");

    private final FileSystem fileSystem;
    private final Path directory;
    private final StoragePatience patience;

    /** One that takes the file system's first answer. */
    public CheckpointStore(FileSystem fileSystem, Path directory) {
        this(fileSystem, directory, StoragePatience.NONE);
    }

    /** @param patience with a file system that fails; does not hold for deletions */
    public CheckpointStore(FileSystem fileSystem, Path directory, StoragePatience patience) {
        this.fileSystem = fileSystem;
        this.directory = fileSystem.makeQualified(directory);
        this.patience = patience;
    }

    /**
     * Writes a checkpoint: a temporary file, closed, then renamed; each attempt in a file of its own. A whole file of the same step and
     * parameters stays: another writer came first, whose rename may have been answered too late. Any other is replaced: it is the damaged
     * one that the run did not resume from.
     *
     * <p>So it does no harm when a writer of an earlier attempt at the run, cut off from the driver, finishes late: a step's bits are the
     * same in all attempts.
     *
     * @param averages the moving average of the network's parameters, where the run keeps one
     * @return the checkpoint's path
     * @throws StorageException if the file system fails for too long
     */
    public Path write(ComputationGraph network, Optional<INDArray> averages, Position position, Map<String, String> provenance)
        throws IOException {
        Path path = path(position);
        CheckpointInfo info = new CheckpointInfo(CheckpointInfo.FORMAT_VERSION, position, ParameterHash.of(network.params()),
            averages.map(ParameterHash::of).orElse(null), provenance);
        return patience.insist("write checkpoint " + path, () -> writeOnce(network, averages, info, path));
    }

    private Path writeOnce(ComputationGraph network, Optional<INDArray> averages, CheckpointInfo info, Path path) throws IOException {
        if (isWritten(info, path)) {
            return path;
        }
        Path temporary = new Path(directory, "." + path.getName() + "." + UUID.randomUUID() + ".tmp");
        try {
            OutputStream out = fileSystem.create(temporary, false);
            try {
                CheckpointFile.write(out, network, averages, info);
            } catch (IOException | RuntimeException e) {
                closeQuietly(out, e);
                throw e;
            }
            out.close();
            if (fileSystem.exists(path)) {
                fileSystem.delete(path, false);
            }
            if (!fileSystem.rename(temporary, path)) {
                throw new IOException("the file system refused to rename " + temporary.getName());
            }
        } catch (IOException | RuntimeException e) {
            deleteQuietly(temporary, e);
            throw e;
        }
        return path;
    }

    private boolean isWritten(CheckpointInfo info, Path path) throws IOException {
        try {
            CheckpointInfo there = readOnce(fileSystem, path, CheckpointFile::read).info();
            return there.position().equals(info.position()) && there.parametersSha256().equals(info.parametersSha256())
                && Objects.equals(there.averagesSha256(), info.averagesSha256());
        } catch (FileNotFoundException | DamagedCheckpointException e) {
            return false;
        }
    }

    /** Writes a checkpoint of a run without averages, or before its first step, when they are the parameters. */
    public Path write(ComputationGraph network, Position position, Map<String, String> provenance) throws IOException {
        return write(network, Optional.empty(), position, provenance);
    }

    /** Where the checkpoint of a position is, or would be. */
    public Path path(Position position) {
        return new Path(directory, String.format("step-%010d.zip", position.step()));
    }

    /** HDFS's streams throw the very exception again that a write has thrown, and Java forbids to suppress an exception by itself. */
    private static void closeQuietly(OutputStream out, Exception cause) {
        try {
            out.close();
        } catch (IOException e) {
            if (e != cause) {
                cause.addSuppressed(e);
            }
        }
    }

    private void deleteQuietly(Path temporary, Exception cause) {
        try {
            fileSystem.delete(temporary, false);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** All checkpoints, oldest first, in the order of their steps as numbers; empty if the directory does not exist. */
    public List<Path> list() throws IOException {
        List<Path> paths = files(NAME);
        paths.sort(Comparator.comparingLong(CheckpointStore::step));
        return paths;
    }

    private List<Path> files(Pattern name) throws IOException {
        return patience.insist("list checkpoints in " + directory, () -> {
            List<Path> paths = new ArrayList<>();
            try {
                for (FileStatus status : fileSystem.listStatus(directory)) {
                    if (status.isFile() && name.matcher(status.getPath().getName()).matches()) {
                        paths.add(status.getPath());
                    }
                }
            } catch (FileNotFoundException e) {
                // Nothing was written yet.
            }
            return paths;
        });
    }

    /**
     * Removes what killed writers left behind. To be called while no writer is at work; one that is nevertheless fails when it renames, and
     * may write its checkpoint again.
     */
    public void removeLeftovers() throws IOException {
        files(TEMPORARY).forEach(this::remove);
    }

    /** Deletes a file of this directory; that it cannot be deleted is only warned about. */
    public void remove(Path path) {
        try {
            fileSystem.delete(path, false);
        } catch (IOException e) {
            LOG.warn("Cannot delete {}: {}", path, StoragePatience.reason(e));
        }
    }

    /** The step that a checkpoint of that name was written at. */
    public static long step(Path path) {
        Matcher matcher = NAME.matcher(path.getName());
        if (!matcher.matches()) {
            throw new IllegalArgumentException("Cannot read a step: " + path.getName() + " (expected step-<number>.zip)");
        }
        return Long.parseLong(matcher.group(1));
    }

    /** The newest checkpoint that can be read; a damaged one is passed over with a warning that names it. */
    public Optional<Checkpoint> newest() throws IOException {
        return newest((path, message) -> LOG.warn("{}; the one before it is used", message));
    }

    /** Told of a checkpoint that cannot be used; the message names it and says why. */
    @FunctionalInterface
    public interface Damage {
        void found(Path path, String message);
    }

    /** The newest checkpoint that can be read; {@code damage} is told of newer ones that cannot. */
    public Optional<Checkpoint> newest(Damage damage) throws IOException {
        List<Path> paths = list();
        for (int i = paths.size() - 1; i >= 0; i--) {
            try {
                return Optional.of(read(paths.get(i)));
            } catch (DamagedCheckpointException e) {
                damage.found(paths.get(i), e.getMessage());
            }
        }
        return Optional.empty();
    }

    /**
     * Reads one checkpoint of this store.
     *
     * @throws DamagedCheckpointException if it is not a whole checkpoint
     * @throws StorageException           if the file system fails for too long
     */
    public Checkpoint read(Path path) throws IOException {
        try {
            return patience.insist("read checkpoint " + path, () -> readOnce(fileSystem, path, CheckpointFile::read));
        } catch (StorageException e) {
            if (e.getCause() instanceof BlockMissingException) {
                // Its name is there and its bytes are not, although whoever keeps them had time to come back.
                throw new DamagedCheckpointException(e.getMessage(), e);
            }
            throw e;
        }
    }

    /**
     * Reads one checkpoint.
     *
     * @throws DamagedCheckpointException if it is not a whole checkpoint
     */
    public static Checkpoint read(FileSystem fileSystem, Path path) throws IOException {
        return new CheckpointStore(fileSystem, path.getParent()).read(path);
    }

    /**
     * Reads what one checkpoint says of itself, without its weights.
     *
     * @throws DamagedCheckpointException if it does not begin as a checkpoint; one that is not whole is not noticed
     */
    public static CheckpointInfo info(FileSystem fileSystem, Path path) throws IOException {
        return readOnce(fileSystem, path, (in, bytes) -> CheckpointFile.readInfo(in));
    }

    @FunctionalInterface
    private interface Format<T> {
        T read(InputStream in, long bytes) throws IOException;
    }

    private static <T> T readOnce(FileSystem fileSystem, Path path, Format<T> format) throws IOException {
        long bytes = fileSystem.getFileStatus(path).getLen();
        try (WatchedStream in = new WatchedStream(fileSystem.open(path))) {
            try {
                return format.read(in, bytes);
            } catch (IOException | RuntimeException e) {
                in.rethrowFailure();
                // ND4J and DL4J report damaged input with many kinds of RuntimeException.
                throw new DamagedCheckpointException("Cannot read checkpoint " + path + ": " + e.getMessage(), e);
            }
        }
    }

    /** Tells a file system that does not deliver a file's bytes from bytes that are no checkpoint. */
    private static final class WatchedStream extends FilterInputStream {

        private IOException failure;

        WatchedStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            try {
                return super.read();
            } catch (IOException e) {
                throw failed(e);
            }
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            try {
                return super.read(bytes, offset, length);
            } catch (IOException e) {
                throw failed(e);
            }
        }

        private IOException failed(IOException e) {
            failure = e;
            return e;
        }

        /** A checksum that does not match is damage of the file, however often it is read. */
        void rethrowFailure() throws IOException {
            if (failure != null && !(failure instanceof ChecksumException)) {
                throw failure;
            }
        }
    }
}
