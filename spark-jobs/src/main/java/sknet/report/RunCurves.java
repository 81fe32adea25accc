package sknet.report;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sknet.evaluate.EvaluationResult;
import sknet.train.History;
import sknet.train.RunEvent;
import sknet.train.RunEvents;
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

    /** Reads what a run's directory holds. */
    public static RunCurves read(FileSystem fileSystem, Path run) throws IOException {
        return new RunCurves(run.getName(), new History(fileSystem, run).read(), EvaluationResult.readAll(fileSystem, run),
            new RunEvents(fileSystem, run).read());
    }

    boolean isEvaluated() {
        return !evaluations.isEmpty();
    }

    /** The evaluation of the newest evaluated checkpoint. */
    EvaluationResult last() {
        return evaluations.get(evaluations.size() - 1);
    }

    /** The median of a figure of its steps; NaN without any. */
    double median(ToDoubleFunction<StepMetrics> figure) {
        double[] sorted = steps.stream().mapToDouble(figure).sorted().toArray();
        return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
    }

    /** The facts that all evaluated runs share; a run's own, like its seed, are left to its result file. */
    static Map<String, String> sharedProvenance(List<RunCurves> runs) {
        List<Map<String, String>> facts = runs.stream().filter(RunCurves::isEvaluated).map(run -> run.last().provenance()).toList();
        Map<String, String> shared = new TreeMap<>(facts.isEmpty() ? Map.of() : facts.get(0));
        facts.forEach(other -> shared.entrySet().retainAll(other.entrySet()));
        return shared;
    }
}
