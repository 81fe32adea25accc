package sknet.status;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sknet.status.RunStatus.Disk;
import sknet.status.RunStatus.Phase;

/**
 * How a training is.
 *
 * @param directory train's --output
 * @param time      when it was looked at
 * @param runs      those that it has, in the order of their seeds
 */
public record TrainingStatus(Path directory, Instant time, List<RunStatus> runs) {

    /**
     * Reads the directories of some runs of a training.
     *
     * @param runs need not exist
     */
    public static TrainingStatus read(FileSystem fileSystem, Path training, List<Path> runs) throws IOException {
        Instant now = Instant.now();
        List<RunStatus> states = new ArrayList<>();
        for (Path run : runs) {
            states.add(new RunInspection(fileSystem, run, now).read());
        }
        return new TrainingStatus(training, now, List.copyOf(states));
    }

    /** The settings of the first run that has any. */
    public Map<String, String> settings() {
        return runs.stream().map(RunStatus::settings).filter(settings -> !settings.isEmpty()).findFirst().orElse(Map.of());
    }

    /** Whether all runs are in a phase. */
    public boolean all(Phase phase) {
        return runs.stream().allMatch(run -> run.phase() == phase);
    }

    /** Whether some run is in a phase. */
    public boolean any(Phase phase) {
        return runs.stream().anyMatch(run -> run.phase() == phase);
    }

    /** Whether somebody should look at one of them. */
    public boolean hasProblems() {
        return runs.stream().anyMatch(run -> !run.problems().isEmpty());
    }

    /** What the checkpoints of all runs take. */
    public Disk disk() {
        return runs.stream().map(RunStatus::disk).reduce(new Disk(0, 0, 0), Disk::plus);
    }
}
