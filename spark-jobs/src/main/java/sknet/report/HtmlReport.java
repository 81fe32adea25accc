package sknet.report;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import sknet.evaluate.CropResult;
import sknet.evaluate.EvaluationResult;
import sknet.evaluate.Summary;
import sknet.train.EpochMetrics;
import sknet.train.RunEvent;
import sknet.train.StepMetrics;

/** Puts the page together. */
public final class HtmlReport {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private HtmlReport() {
    }

    /** @param training where the runs are, for the headline */
    public static String of(String training, List<RunCurves> runs) throws IOException {
        CurveChart loss = new CurveChart("training loss");
        CurveChart error = new CurveChart("validation top-1 error, %");
        for (RunCurves run : runs) {
            loss.addLine(run.name(), values(run.steps(), StepMetrics::step), values(run.steps(), StepMetrics::loss));
            addErrors(error, run);
        }
        return Html.template(HtmlReport.class, "report.html").replace("{{training}}", Html.escape(training)).replace("{{summary}}", summary(runs))
            .replace("{{table}}", table(runs)).replace("{{epochs}}", epochs(runs)).replace("{{loss}}", loss.svg()).replace("{{error}}", error.svg())
            .replace("{{events}}", events(runs)).replace("{{provenance}}", provenance(runs));
    }

    /** A curve for each size of image. */
    private static void addErrors(CurveChart chart, RunCurves run) {
        List<EvaluationResult> trained = run.evaluations().stream().filter(result -> result.step() > 0).toList();
        List<Integer> sizes = trained.stream().flatMap(result -> result.crops().stream()).map(CropResult::cropSize).distinct().toList();
        for (int size : sizes) {
            List<EvaluationResult> evaluated = trained.stream().filter(result -> result.crop(size).isPresent()).toList();
            chart.addPoints(sizes.size() == 1 ? run.name() : run.name() + ", crop " + size, values(evaluated, EvaluationResult::step),
                values(evaluated, result -> result.crop(size).orElseThrow().top1Error()));
        }
    }

    private static <T> double[] values(List<T> items, ToDoubleFunction<T> value) {
        return items.stream().mapToDouble(value).toArray();
    }

    private static String summary(List<RunCurves> runs) {
        List<RunCurves> evaluated = runs.stream().filter(RunCurves::isEvaluated).toList();
        if (evaluated.isEmpty()) {
            return "not evaluated yet: ./sknet evaluate";
        }
        List<String> lines = new ArrayList<>();
        for (Summary.Crop crop : Summary.Crop.of(evaluated.stream().map(RunCurves::last).toList())) {
            int count = crop.top1Error().runs();
            lines.add("top-1 error " + crop.top1Error() + " %, top-5 error " + crop.top5Error() + " % over " + count
                + (count == 1 ? " run" : " runs") + ", crop " + crop.cropSize());
        }
        return lines.isEmpty() ? "the runs were evaluated at different sizes" : String.join("<br>", lines);
    }

    private static String table(List<RunCurves> runs) {
        StringBuilder rows = new StringBuilder();
        for (RunCurves run : runs) {
            String name = "<tr><td>" + Html.escape(run.name()) + "</td>";
            String speed = Html.cell("%,.0f", run.median(StepMetrics::imagesPerSecond))
                + Html.cell("%.1f", 100 * EpochMetrics.dataShare(run.steps()))
                + Html.cell("%.1f", 100 * run.median(StepMetrics::syncShare))
                + Html.cell("%.1f", 100 * run.median(StepMetrics::exchangeShare)) + "</tr>\n";
            if (!run.isEvaluated()) {
                rows.append(name).append("<td colspan=\"6\">not evaluated</td>").append(speed);
                continue;
            }
            EvaluationResult last = run.last();
            for (CropResult crop : last.crops()) {
                rows.append(name).append(Html.cell("%d", last.epoch())).append(Html.cell("%,d", last.step())).append(Html.cell("%d", crop.cropSize()))
                    .append(Html.cell("%.2f", crop.top1Error())).append(Html.cell("%.2f", crop.top5Error())).append(Html.cell("%,d", crop.tally().images()))
                    .append(speed);
            }
        }
        return rows.toString();
    }

    private static String epochs(List<RunCurves> runs) {
        StringBuilder rows = new StringBuilder();
        for (RunCurves run : runs) {
            for (EpochMetrics epoch : EpochMetrics.of(run.steps())) {
                rows.append("<tr><td>").append(Html.escape(run.name())).append("</td>").append(Html.cell("%d", epoch.epoch() + 1))
                    .append(Html.cell("%.3f", epoch.loss())).append(Html.cell("%,.0f", epoch.imagesPerSecond()))
                    .append(Html.cell("%.1f", 100 * epoch.dataShare())).append(Html.cell("%,d", epoch.corrupt())).append("</tr>\n");
            }
        }
        return rows.toString();
    }

    private static String events(List<RunCurves> runs) {
        StringBuilder rows = new StringBuilder();
        for (RunCurves run : runs) {
            for (RunEvent event : run.events()) {
                String repeated = event.repeated() == 0 ? "" : String.format(Locale.ROOT, "%,d steps again. ", event.repeated());
                rows.append("<tr><td>").append(Html.escape(run.name())).append("</td><td>").append(TIME.format(Instant.ofEpochMilli(event.epochMillis())))
                    .append("</td><td>").append(text(event.kind())).append("</td>").append(Html.cell("%,d", event.step())).append("<td>")
                    .append(Html.escape(repeated + event.detail())).append("</td></tr>\n");
            }
        }
        return rows.isEmpty() ? "<tr><td colspan=\"5\">nothing recorded</td></tr>\n" : rows.toString();
    }

    private static String text(RunEvent.Kind kind) {
        return switch (kind) {
            case STARTED -> "started";
            case RESUMED -> "resumed by a new command";
            case RESTARTED -> "restarted after a failure";
            case CORRUPT -> "corrupt record, replaced by another of its shard";
            case DAMAGED -> "damaged checkpoint passed over";
            case STOPPED -> "told to stop";
            case FAILED -> "failed";
            case FINISHED -> "finished";
        };
    }

    private static String provenance(List<RunCurves> runs) {
        StringBuilder rows = new StringBuilder();
        RunCurves.sharedProvenance(runs).forEach((name, value) -> rows.append("<tr><td>").append(Html.escape(name)).append("</td><td>")
            .append(Html.escape(value)).append("</td></tr>\n"));
        return rows.toString();
    }
}
