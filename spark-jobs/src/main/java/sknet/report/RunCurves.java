package sknet.report;

import java.util.List;
import sknet.evaluate.EvaluationResult;
import sknet.train.RunEvent;
import sknet.train.StepMetrics;

/**
 * What is known of one run.
 *
 * @param name        like run-1
 * @param steps       its history, in the order of steps
 * @param evaluations of its checkpoints, in the order of steps; may be empty
 * @param events      what happened, in the order of time; may be empty
 */
public record RunCurves(String name, List<StepMetrics> steps, List<EvaluationResult> evaluations, List<RunEvent> events) {

    boolean isEvaluated() {
        return !evaluations.isEmpty();
    }

    /** The evaluation of the newest evaluated checkpoint. */
    EvaluationResult last() {
        return evaluations.get(evaluations.size() - 1);
    }
}
