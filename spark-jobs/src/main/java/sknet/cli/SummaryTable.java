package sknet.cli;

import java.util.Locale;
import java.util.stream.Collectors;
import sknet.evaluate.CropResult;
import sknet.evaluate.EvaluationResult;
import sknet.evaluate.Statistic;
import sknet.evaluate.Summary;

/** Errors for people: of a summary a line a run and size of image, then mean ± standard deviation. */
final class SummaryTable {

    private SummaryTable() {
    }

    static String of(Summary summary) {
        StringBuilder table = new StringBuilder(String.format("%n%-12s %6s %8s %6s %14s %14s %10s%n", "run", "epochs", "weights", "crop",
            "top-1 error %", "top-5 error %", "images/s"));
        for (Summary.Run run : summary.runs()) {
            for (CropResult crop : run.result().crops()) {
                table.append(String.format(Locale.ROOT, "%-12s %6d %8s %6d %14.2f %14.2f %10.0f%n", run.name(), run.result().epoch(),
                    run.result().weights(), crop.cropSize(), crop.top1Error(), crop.top5Error(), run.imagesPerSecond()));
            }
        }
        for (Summary.Crop crop : summary.crops()) {
            table.append(String.format(Locale.ROOT, "%-12s %6s %8s %6d %14s %14s%n", label(crop.top1Error()), "", "", crop.cropSize(),
                crop.top1Error(), crop.top5Error()));
        }
        return table.toString();
    }

    /** The errors of one checkpoint in one line. */
    static String line(EvaluationResult result) {
        return result.crops().stream().map(crop -> String.format(Locale.ROOT, "crop %d: top-1 error %.2f %%, top-5 error %.2f %%",
            crop.cropSize(), crop.top1Error(), crop.top5Error())).collect(Collectors.joining("; "));
    }

    private static String label(Statistic statistic) {
        return statistic.runs() == 1 ? "mean" : "mean ± std";
    }
}
