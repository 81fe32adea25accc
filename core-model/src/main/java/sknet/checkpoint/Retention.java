package sknet.checkpoint;

import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.hadoop.fs.Path;

/**
 * Which checkpoints of a run stay: the newest ones and the best one. A damaged one counts for nothing, so that the checkpoint which an
 * attempt started from stays until enough whole ones are newer.
 *
 * @param newest how many of the newest stay; 0 for all
 */
public record Retention(int newest) {

    /**
     * The checkpoints that need not stay, oldest first.
     *
     * @param checkpoints of the run, oldest first
     * @param damaged     steps of those that are known to be no whole checkpoints
     * @param best        the step of the checkpoint with the lowest error, where errors are known
     */
    public List<Path> expendable(List<Path> checkpoints, Set<Long> damaged, OptionalLong best) {
        List<Long> whole = checkpoints.stream().map(CheckpointStore::step).filter(step -> !damaged.contains(step)).toList();
        if (newest == 0 || whole.size() <= newest) {
            return List.of();
        }
        long oldestToStay = whole.get(whole.size() - newest);
        return checkpoints.stream().filter(path -> CheckpointStore.step(path) < oldestToStay)
            .filter(path -> best.isEmpty() || CheckpointStore.step(path) != best.getAsLong()).toList();
    }
}
