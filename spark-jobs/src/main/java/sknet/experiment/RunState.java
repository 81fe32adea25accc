package sknet.experiment;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sknet.checkpoint.CheckpointInfo;
import sknet.checkpoint.CheckpointStore;
import sknet.evaluate.EvaluationResult;
import sknet.train.TrainingRun;

/**
 * How far one run is, as its directory says.
 *
 * @param seed      of the run
 * @param directory where its checkpoints are
 * @param goal      when it is done
 * @param newest    what its newest checkpoint says; none before the first
 * @param result    the evaluation of that checkpoint, if there is one
 */
public record RunState(long seed, Path directory, Goal goal, Optional<CheckpointInfo> newest, Optional<EvaluationResult> result) {

    /**
     * When a run is done.
     *
     * @param epochs trained
     * @param crops  evaluated at, pixels
     */
    public record Goal(int epochs, List<Integer> crops) {
    }

    /** How far. */
    public enum Phase {
        /** There is no checkpoint. */
        WAITING,
        /** There are checkpoints, but not the last. */
        STARTED,
        /** The last checkpoint is there. */
        TRAINED,
        /** It is evaluated. */
        DONE
    }

    /** Reads the state of a run, whose directory need not exist. */
    public static RunState read(FileSystem fileSystem, Path directory, long seed, Goal goal) throws IOException {
        List<Path> checkpoints = new CheckpointStore(fileSystem, new Path(directory, TrainingRun.CHECKPOINTS)).list();
        if (checkpoints.isEmpty()) {
            return new RunState(seed, directory, goal, Optional.empty(), Optional.empty());
        }
        CheckpointInfo newest = CheckpointStore.info(fileSystem, checkpoints.get(checkpoints.size() - 1));
        Optional<EvaluationResult> result = EvaluationResult.readAll(fileSystem, directory).stream()
            .filter(candidate -> candidate.step() == newest.position().step()).findFirst();
        return new RunState(seed, directory, goal, Optional.of(newest), result);
    }

    /** How far. */
    public Phase phase() {
        if (newest.isEmpty()) {
            return Phase.WAITING;
        }
        if (epoch() < goal.epochs()) {
            return Phase.STARTED;
        }
        return goal.crops().stream().allMatch(crop -> top1Error(crop).isPresent()) ? Phase.DONE : Phase.TRAINED;
    }

    /** Epochs completed. */
    public int epoch() {
        return newest.map(info -> info.position().epoch()).orElse(0);
    }

    /** Percent; of a run that is trained to its end only. */
    public Optional<Double> top1Error(int crop) {
        return epoch() < goal.epochs() ? Optional.empty() : result.flatMap(found -> found.crop(crop)).map(found -> found.top1Error());
    }
}
