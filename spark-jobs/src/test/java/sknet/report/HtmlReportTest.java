package sknet.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sknet.evaluate.CropResult;
import sknet.evaluate.EvaluationResult;
import sknet.evaluate.Tally;
import sknet.train.RunEvent;
import sknet.train.StepMetrics;

class HtmlReportTest {

    @Test
    void thePageHoldsTheFiguresTheCurvesAndWhatTheRunsShare() throws IOException {
        String page = HtmlReport.of("hdfs://n/<runs>", List.of(run("run-1", 100, "1"), run("run-2", 120, "2")));
        assertTrue(page.contains("top-1 error 11.00 ± 1.41 %, top-5 error 1.00 ± 0.00 % over 2 runs, crop 224<br>top-1 error 10.00 ± 1.41 %, "
            + "top-5 error 0.00 ± 0.00 % over 2 runs, crop 320</p>"), page);
        assertTrue(page.contains("<tr><td>run-1</td><td>2</td><td>20</td><td>224</td><td>10.00</td><td>1.00</td><td>1,000</td><td>640</td>"
            + "<td>1.0</td><td>2.0</td><td>0.5</td></tr>\n<tr><td>run-1</td><td>2</td><td>20</td><td>320</td><td>9.00</td>"), page);
        assertTrue(page.contains("<tr><td>run-2</td><td>1970-01-01 00:01:01</td><td>restarted after a failure</td><td>1,000</td>"
            + "<td>12 steps again. rank &lt;1&gt; is lost</td></tr>"), page);
        assertTrue(page.contains("<tr><td>run-1</td><td>1</td><td>2.300</td><td>600</td><td>1.0</td><td>3</td></tr>"), page);
        assertTrue(page.contains("hdfs://n/&lt;runs&gt;"), "escaped");
        assertEquals(2, page.split("<svg", -1).length - 1, "two charts");
        assertTrue(page.contains("<tr><td>model.name</td><td>sknet-50</td></tr>"));
        assertFalse(page.contains("train.seed"), "the runs differ in it");
        assertFalse(page.contains("{{"), "every place is filled");
        assertFalse(page.matches("(?s).*(src|href)=\"?http.*"), "nothing is loaded from elsewhere");
    }

    @Test
    void aRunThatIsNotEvaluatedSaysSo() throws IOException {
        String page = HtmlReport.of("file:/runs", List.of(new RunCurves("run-1", List.of(), List.of(), List.of())));
        assertTrue(page.contains("not evaluated yet"), page);
        assertTrue(page.contains("nothing recorded"), page);
        assertTrue(page.contains("<td colspan=\"6\">not evaluated</td>"), page);
    }

    static RunCurves run(String name, int errors, String seed) {
        List<StepMetrics> steps = List.of(new StepMetrics(10, 0, 2.3, 0.1, 2, 600, 0.01, 0.02, 0.005, 3),
            new StepMetrics(20, 1, 0.9, 0.1, 2, 640, 0.01, 0.02, 0.005, 0));
        Map<String, String> provenance = Map.of("model.name", "sknet-50", "train.seed", seed);
        return new RunCurves(name, steps, List.of(result(0, 900, provenance), result(10, 500, provenance), result(20, errors, provenance)),
            List.of(new RunEvent(0, RunEvent.Kind.STARTED, 0, 0, ""), new RunEvent(61_000, RunEvent.Kind.RESTARTED, 1000, 12, "rank <1> is lost")));
    }

    private static EvaluationResult result(long step, int errors, Map<String, String> provenance) {
        return new EvaluationResult("c", (int) step / 10, step, List.of(crop(224, errors, 10), crop(320, errors - 10, 0)), provenance);
    }

    private static CropResult crop(int size, int top1Errors, int top5Errors) {
        Tally tally = new Tally(1000, top1Errors, top5Errors);
        return new CropResult(size, size + 32, tally, tally.top1Error(), tally.top5Error());
    }
}
