package sknet.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.DamagedCheckpointException;
import sknet.checkpoint.StoragePatience;
import sknet.evaluate.EvaluationResult;
import sknet.train.TrainingRun;

/** A run of a training that may be going on: which of its checkpoints want evaluation, and whether it is finished. */
final class WatchedRun {

    private final FileSystem fileSystem;
    private final Path directory;
    private final CheckpointStore store;
    /** By their steps: those that were there, and those that were added since. */
    private final TreeMap<Long, EvaluationResult> results = new TreeMap<>();
    /** When each damaged checkpoint was written, milliseconds since 1970: one that is written again is looked at again. */
    private final Map<Path, Long> damaged = new HashMap<>();

    /** Reads the results that there are. */
    WatchedRun(FileSystem fileSystem, Path directory, StoragePatience patience) throws IOException {
        this.fileSystem = fileSystem;
        this.directory = directory;
        this.store = new CheckpointStore(fileSystem, new Path(directory, TrainingRun.CHECKPOINTS), patience);
        patience.insist("read results in " + directory, () -> EvaluationResult.readAll(fileSystem, directory))
            .forEach(result -> results.put(result.step(), result));
    }

    Path directory() {
        return directory;
    }

    /** Evaluates a checkpoint and keeps the result. */
    @FunctionalInterface
    interface Work {
        EvaluationResult evaluate(Path run, Path path, Checkpoint checkpoint) throws IOException;
    }

    /**
     * Has the oldest checkpoint evaluated that has no result, but not that of step 0. One that is deleted meanwhile is passed over; so is a
     * damaged one, which is told of once.
     *
     * @return whether there was any
     */
    boolean evaluateNext(Work work) throws IOException {
        for (Path path : store.list()) {
            long step = CheckpointStore.step(path);
            if (step == 0 || results.containsKey(step) || isKnownDamaged(path)) {
                continue;
            }
            Optional<Checkpoint> checkpoint = read(path);
            if (checkpoint.isPresent()) {
                results.put(step, work.evaluate(directory, path, checkpoint.get()));
                return true;
            }
        }
        return false;
    }

    private Optional<Checkpoint> read(Path path) throws IOException {
        try {
            return Optional.of(store.read(path));
        } catch (FileNotFoundException e) {
            // The training keeps only some, or is just replacing it: then the next look finds it.
        } catch (DamagedCheckpointException e) {
            Notices.warn(e.getMessage() + ": it is passed over");
            written(path).ifPresent(time -> damaged.put(path, time));
        }
        return Optional.empty();
    }

    private boolean isKnownDamaged(Path path) throws IOException {
        return damaged.containsKey(path) && written(path).equals(Optional.of(damaged.get(path)));
    }

    private Optional<Long> written(Path path) throws IOException {
        try {
            return Optional.of(fileSystem.getFileStatus(path).getModificationTime());
        } catch (FileNotFoundException e) {
            return Optional.empty();
        }
    }

    Optional<EvaluationResult> newestResult() {
        return results.isEmpty() ? Optional.empty() : Optional.of(results.lastEntry().getValue());
    }

    /** Whether the newest checkpoint is evaluated and is the run's last, by the settings it was trained with. */
    boolean isFinished() throws IOException {
        List<Path> checkpoints = store.list();
        return !checkpoints.isEmpty() && newestResult().filter(newest -> newest.step() == CheckpointStore.step(checkpoints.get(checkpoints.size() - 1))
            && newest.epoch() >= setting(newest, "train.epochs")).isPresent();
    }

    /** How many runs its training has, as far as is known: at least 1. */
    int runsOfTraining() {
        return newestResult().map(result -> setting(result, "train.runs")).orElse(1);
    }

    private static int setting(EvaluationResult result, String key) {
        return Integer.parseInt(result.provenance().get(key));
    }
}
