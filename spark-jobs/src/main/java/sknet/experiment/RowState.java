package sknet.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import sknet.evaluate.Statistic;

/**
 * How far a row is.
 *
 * @param row        of the experiment
 * @param parameters that are trained
 * @param runs       in the order of their seeds
 */
public record RowState(Experiment.Row row, long parameters, List<RunState> runs) {

    /** The top-1 error over the runs that are evaluated, percent; none before the first. */
    public Optional<Statistic> top1Error(int crop) {
        List<Double> errors = new ArrayList<>();
        runs.forEach(run -> run.top1Error(crop).ifPresent(errors::add));
        return errors.isEmpty() ? Optional.empty() : Optional.of(Statistic.of(errors));
    }

    /** Ours less the paper's, percent; none where either is missing. */
    public Optional<Double> difference(int crop) {
        return top1Error(crop).filter(found -> row.paper().containsKey(crop)).map(found -> found.mean() - row.paper().get(crop));
    }

    /** Runs in a phase. */
    public long count(RunState.Phase phase) {
        return runs.stream().filter(run -> run.phase() == phase).count();
    }
}
