package sknet.cli;

import java.util.Locale;
import sknet.evaluate.Statistic;
import sknet.evaluate.Summary;

/** A summary for people: a line a run, then mean ± standard deviation. */
final class SummaryTable {

    private SummaryTable() {
    }

    static String of(Summary summary) {
        StringBuilder table = new StringBuilder(String.format("%n%-12s %6s %8s %14s %14s %10s%n", "run", "epochs", "weights",
            "top-1 error %", "top-5 error %", "images/s"));
        for (Summary.Run run : summary.runs()) {
            table.append(String.format(Locale.ROOT, "%-12s %6d %8s %14.2f %14.2f %10.0f%n", run.name(), run.result().epoch(),
                run.result().weights(), run.result().top1Error(), run.result().top5Error(), run.imagesPerSecond()));
        }
        table.append(String.format("%-12s %6s %8s %14s %14s%n", label(summary.top1Error()), "", "", summary.top1Error(),
            summary.top5Error()));
        return table.toString();
    }

    private static String label(Statistic statistic) {
        return statistic.runs() == 1 ? "mean" : "mean ± std";
    }
}
