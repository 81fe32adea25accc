package sknet.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import sknet.checkpoint.CheckpointInfo;
import sknet.checkpoint.Position;
import sknet.evaluate.CropResult;
import sknet.evaluate.EvaluationResult;
import sknet.evaluate.Tally;
import sknet.experiment.Experiment;
import sknet.experiment.Experiment.Evaluations;
import sknet.experiment.RowState;
import sknet.experiment.RunState;
import sknet.train.StepMetrics;

class ExperimentReportTest {

    private static final RunState.Goal GOAL = new RunState.Goal(2, List.of(224, 320));
    private static final Map<String, String> PROVENANCE = Map.of("optimizer.momentum", "0.9");

    @Test
    void theTableHasOursBesideThePapersAndSaysWhatWasNotRun() throws IOException {
        String page = page();
        assertTrue(page.contains("<tr><td>SKNet-50</td><td>27.48M</td><td>2 of 2</td><td>21.00 ± 1.41</td><td>20.79</td><td>+0.21</td>"
            + "<td>20.00 ± 1.41</td><td>19.32</td><td>+0.68</td></tr>"), page);
        assertTrue(page.contains("<tr><td>SE &amp; more</td><td>27.70M</td><td>0 of 1</td><td>not run</td><td>21.12</td><td>-</td>"
            + "<td>not run</td><td>-</td><td>-</td></tr>"), page);
        assertTrue(page.contains("2 of 3 runs are done"), page);
        assertTrue(page.contains("<tr><td>optimizer.momentum</td><td>0.9</td></tr>"), page);
        assertTrue(page.contains("<tr><td>SKNet-50</td><td>run-1</td><td>600</td><td>1.0</td><td>2.0</td><td>0.5</td></tr>"), page);
        assertEquals(3, page.split("<svg", -1).length - 1, "three charts");
        assertFalse(page.contains("{{"), "every place is filled");
        assertFalse(page.matches("(?s).*(src|href)=\"?http.*"), "nothing is loaded from elsewhere");
    }

    @Test
    void beforeTheFirstRunThereAreThePapersFigures() throws IOException {
        Experiment experiment = experiment(List.of(row("sknet-50", "SKNet-50", Map.of(224, 20.79))));
        RowState waiting = new RowState(experiment.rows().get(0), 27_479_784, List.of(waiting()));
        String page = ExperimentReport.of(experiment, "file:/runs", List.of(new ExperimentReport.Row(waiting, List.of())), List.of(224));
        assertTrue(page.contains("0 of 1 runs are done"), page);
        assertTrue(page.contains("no checkpoint is evaluated") && page.contains("nothing is trained"), page);
        assertEquals(1, page.split("<svg", -1).length - 1, "the chart of errors against parameters");
    }

    /** Of a model with two runs and one that waits. */
    static String page() throws IOException {
        Experiment experiment = experiment(List.of(row("sknet-50", "SKNet-50", Map.of(224, 20.79, 320, 19.32)),
            row("senet-50", "SE & more", Map.of(224, 21.12))));
        List<RunState> done = List.of(done(1, 200), done(2, 220));
        List<RunCurves> curves = new ArrayList<>();
        for (RunState run : done) {
            curves.add(new RunCurves("run-" + run.seed(), List.of(new StepMetrics(5, 0, 6, 0.1, 2, 600, 0.01, 0.02, 0.005, 0),
                new StepMetrics(10, 1, 5, 0.1, 2, 600, 0.01, 0.02, 0.005, 0)), List.of(result(1, 5, 500), run.result().orElseThrow()), List.of()));
        }
        return ExperimentReport.of(experiment, "hdfs://n/experiments", List.of(
            new ExperimentReport.Row(new RowState(experiment.rows().get(0), 27_479_784, done), curves),
            new ExperimentReport.Row(new RowState(experiment.rows().get(1), 27_700_000, List.of(waiting())), List.of())), List.of(224, 320));
    }

    private static Experiment experiment(List<Experiment.Row> rows) {
        return new Experiment("table", "Table <2>", "imagenet", Evaluations.LAST, rows, Optional.empty());
    }

    private static Experiment.Row row(String model, String label, Map<Integer, Double> paper) {
        return new Experiment.Row(model, label, model.startsWith("sknet") ? "SKNet" : "", paper, ConfigFactory.empty());
    }

    private static RunState waiting() {
        return new RunState(1, new Path("run-1"), GOAL, Optional.empty(), Optional.empty());
    }

    private static RunState done(long seed, int errors) {
        return new RunState(seed, new Path("run-" + seed), GOAL, Optional.of(new CheckpointInfo(CheckpointInfo.FORMAT_VERSION, new Position(2, 0, 10), "", null,
            PROVENANCE)), Optional.of(result(2, 10, errors)));
    }

    private static EvaluationResult result(int epoch, long step, int errors) {
        return new EvaluationResult("checkpoint", epoch, step, List.of(crop(224, errors), crop(320, errors - 10)), PROVENANCE);
    }

    private static CropResult crop(int size, int errors) {
        Tally tally = new Tally(1000, errors, errors / 10);
        return new CropResult(size, size * 8 / 7, tally, tally.top1Error(), tally.top5Error());
    }
}
