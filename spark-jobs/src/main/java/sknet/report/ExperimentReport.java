package sknet.report;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.function.Function;
import sknet.evaluate.EvaluationResult;
import sknet.experiment.Experiment;
import sknet.experiment.ExperimentTable;
import sknet.experiment.RowState;
import sknet.experiment.RunState;
import sknet.train.EpochMetrics;
import sknet.train.StepMetrics;

/** Puts the page of an experiment together. */
public final class ExperimentReport {

    private ExperimentReport() {
    }

    /**
     * A row with what its runs have recorded.
     *
     * @param runs those that have started, in the order of their seeds
     */
    public record Row(RowState state, List<RunCurves> runs) {
    }

    /**
     * The page.
     *
     * @param where where the runs are
     * @param crops pixels, the columns of the table; errors against parameters are those of the first
     */
    public static String of(Experiment experiment, String where, List<Row> rows, List<Integer> crops) throws IOException {
        List<RowState> states = rows.stream().map(Row::state).toList();
        BandChart loss = new BandChart("training loss");
        BandChart error = new BandChart("validation top-1 error, %");
        for (Row row : rows) {
            loss.add(row.state().row().label(), curves(row, ExperimentReport::loss));
            error.add(row.state().row().label(), curves(row, ExperimentReport::error));
        }
        List<RunCurves> all = rows.stream().flatMap(row -> row.runs().stream()).toList();
        return Html.template(ExperimentReport.class, "experiment.html").replace("{{title}}", Html.escape(experiment.title())).replace("{{where}}", Html.escape(where))
            .replace("{{summary}}", summary(states))
            .replace("{{table}}", Html.table(ExperimentTable.head(crops), states.stream().map(state -> ExperimentTable.cells(state, crops)).toList()))
            .replace("{{parameters}}", new ParametersChart(states, crops.get(0)).svg())
            .replace("{{error}}", shown(error.svg(), "no checkpoint is evaluated")).replace("{{loss}}", shown(loss.svg(), "nothing is trained"))
            .replace("{{speed}}", speed(rows)).replace("{{provenance}}", Html.table(List.of("fact", "value"),
                RunCurves.sharedProvenance(all).entrySet().stream().map(fact -> List.of(fact.getKey(), fact.getValue())).toList()));
    }

    private static String summary(List<RowState> rows) {
        long done = rows.stream().mapToLong(row -> row.count(RunState.Phase.DONE)).sum();
        int all = rows.stream().mapToInt(row -> row.runs().size()).sum();
        return String.format(Locale.ROOT, "%d of %d runs are done", done, all);
    }

    private static String shown(String chart, String otherwise) {
        return chart.isEmpty() ? "<p>" + otherwise + "</p>" : chart;
    }

    private static List<TreeMap<Double, Double>> curves(Row row, Function<RunCurves, TreeMap<Double, Double>> curve) {
        return row.runs().stream().map(curve).filter(points -> !points.isEmpty()).toList();
    }

    /** At the end of each epoch. */
    private static TreeMap<Double, Double> loss(RunCurves run) {
        TreeMap<Double, Double> points = new TreeMap<>();
        EpochMetrics.of(run.steps()).forEach(epoch -> points.put(epoch.epoch() + 1.0, epoch.loss()));
        return points;
    }

    /** Of the checkpoints at the ends of epochs: of others the place in the epoch is not known. */
    private static TreeMap<Double, Double> error(RunCurves run) {
        TreeMap<Double, Double> points = new TreeMap<>();
        for (EvaluationResult result : run.evaluations()) {
            points.put((double) result.epoch(), result.top1Error());
        }
        points.remove(0.0);
        return points;
    }

    private static String speed(List<Row> rows) {
        List<List<String>> cells = new ArrayList<>();
        for (Row row : rows) {
            for (RunCurves run : row.runs()) {
                cells.add(List.of(row.state().row().label(), run.name(), String.format(Locale.ROOT, "%,.0f", run.median(StepMetrics::imagesPerSecond)),
                    percent(EpochMetrics.dataShare(run.steps())), percent(run.median(StepMetrics::syncShare)),
                    percent(run.median(StepMetrics::exchangeShare))));
            }
        }
        return Html.table(List.of("model", "run", "training images/s", "waited for data %", "waiting for the all-reduce %", "of it, communication at most %"),
            cells);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }
}
