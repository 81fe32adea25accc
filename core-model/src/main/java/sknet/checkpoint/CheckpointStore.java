package sknet.checkpoint;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The checkpoints of one run, in one directory: {@code step-<number>.zip}. The listing is the truth; there is no pointer. */
public final class CheckpointStore {

    private static final Logger LOG = LoggerFactory.getLogger(CheckpointStore.class);
    private static final Pattern NAME = Pattern.compile("step-(\\d{1,18})\\.zip");

    private final FileSystem fileSystem;
    private final Path directory;

    public CheckpointStore(FileSystem fileSystem, Path directory) {
        this.fileSystem = fileSystem;
        this.directory = fileSystem.makeQualified(directory);
    }

    /**
     * Writes a checkpoint: a temporary file, closed, then renamed. A file of the same step is replaced, since a resumed run
     * writes the same bits again and the old one may be the damaged one it did not resume from.
     *
     * @param averages the moving average of the network's parameters, where the run keeps one
     * @return the checkpoint's path
     */
    public Path write(ComputationGraph network, Optional<INDArray> averages, Position position, Map<String, String> provenance)
        throws IOException {
        Path path = path(position);
        Path temporary = new Path(directory, "." + path.getName() + "." + UUID.randomUUID() + ".tmp");
        CheckpointInfo info = new CheckpointInfo(CheckpointInfo.FORMAT_VERSION, position, ParameterHash.of(network.params()),
            averages.map(ParameterHash::of).orElse(null), provenance);
        try {
            try (OutputStream out = fileSystem.create(temporary, false)) {
                CheckpointFile.write(out, network, averages, info);
            }
            if (fileSystem.exists(path)) {
                fileSystem.delete(path, false);
            }
            if (!fileSystem.rename(temporary, path)) {
                throw new IOException("the file system refused to rename " + temporary.getName());
            }
        } catch (IOException e) {
            deleteQuietly(temporary, e);
            throw new IOException("Cannot write checkpoint " + path + ": " + e.getMessage(), e);
        }
        return path;
    }

    /** Writes a checkpoint of a run without averages, or before its first step, when they are the parameters. */
    public Path write(ComputationGraph network, Position position, Map<String, String> provenance) throws IOException {
        return write(network, Optional.empty(), position, provenance);
    }

    /** Where the checkpoint of a position is, or would be. */
    public Path path(Position position) {
        return new Path(directory, String.format("step-%010d.zip", position.step()));
    }

    private void deleteQuietly(Path temporary, IOException cause) {
        try {
            fileSystem.delete(temporary, false);
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
    }

    /** All checkpoints, oldest first, in the order of their steps as numbers; empty if the directory does not exist. */
    public List<Path> list() throws IOException {
        List<Path> paths = new ArrayList<>();
        try {
            for (FileStatus status : fileSystem.listStatus(directory)) {
                if (status.isFile() && NAME.matcher(status.getPath().getName()).matches()) {
                    paths.add(status.getPath());
                }
            }
        } catch (FileNotFoundException e) {
            return List.of();
        }
        paths.sort(Comparator.comparingLong(CheckpointStore::step));
        return paths;
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
        List<Path> paths = list();
        for (int i = paths.size() - 1; i >= 0; i--) {
            try {
                return Optional.of(read(fileSystem, paths.get(i)));
            } catch (DamagedCheckpointException e) {
                LOG.warn("{}; the one before it is used", e.getMessage());
            }
        }
        return Optional.empty();
    }

    /**
     * Reads one checkpoint.
     *
     * @throws DamagedCheckpointException if it is not a whole checkpoint
     */
    public static Checkpoint read(FileSystem fileSystem, Path path) throws IOException {
        long bytes = fileSystem.getFileStatus(path).getLen();
        try (InputStream in = fileSystem.open(path)) {
            return CheckpointFile.read(in, bytes);
        } catch (IOException | RuntimeException e) {
            // ND4J and DL4J report damaged input with many kinds of RuntimeException.
            throw new DamagedCheckpointException("Cannot read checkpoint " + path + ": " + e.getMessage(), e);
        }
    }
}
