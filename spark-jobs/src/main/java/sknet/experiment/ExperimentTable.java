package sknet.experiment;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sknet.evaluate.Statistic;

/** The table of an experiment: for each row and crop size our error, the paper's, and the difference. */
public final class ExperimentTable {

    private ExperimentTable() {
    }

    /** The columns' titles, the row's name first. */
    public static List<String> head(List<Integer> crops) {
        List<String> cells = new ArrayList<>(List.of("model", "parameters", "runs"));
        for (int crop : crops) {
            cells.addAll(List.of(crop + "x: ours, %", "paper's", "difference"));
        }
        return cells;
    }

    /** A row's cells. */
    public static List<String> cells(RowState state, List<Integer> crops) {
        List<String> cells = new ArrayList<>(List.of(state.row().label(), String.format(Locale.ROOT, "%.2fM", state.parameters() / 1e6),
            state.count(RunState.Phase.DONE) + " of " + state.runs().size()));
        for (int crop : crops) {
            Optional<Statistic> ours = state.top1Error(crop);
            cells.add(ours.map(Statistic::toString).orElse("not run"));
            cells.add(Optional.ofNullable(state.row().paper().get(crop)).map(error -> String.format(Locale.ROOT, "%.2f", error)).orElse("-"));
            cells.add(state.difference(crop).map(difference -> String.format(Locale.ROOT, "%+.2f", difference)).orElse("-"));
        }
        return cells;
    }

    /** For a terminal: top-1 errors, mean ± standard deviation. */
    public static String text(List<RowState> rows, List<Integer> crops) {
        List<List<String>> lines = new ArrayList<>();
        lines.add(head(crops));
        rows.forEach(row -> lines.add(cells(row, crops)));
        int[] widths = new int[lines.get(0).size()];
        lines.forEach(line -> {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], line.get(i).length());
            }
        });
        StringBuilder text = new StringBuilder();
        for (List<String> line : lines) {
            for (int i = 0; i < widths.length; i++) {
                text.append(String.format(i == 0 ? "%-" + widths[i] + "s" : "  %" + widths[i] + "s", line.get(i)));
            }
            text.append('\n');
        }
        return text.toString();
    }
}
