package sknet.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sknet.checkpoint.CheckpointInfo;
import sknet.experiment.Experiment;
import sknet.experiment.RowState;
import sknet.experiment.RunState;
import sknet.model.ModelCatalogue;
import sknet.train.ResumeCheck;

/**
 * An experiment with the settings of its rows.
 *
 * @param experiment the file
 * @param rows       in its order
 */
record PlannedExperiment(Experiment experiment, List<Row> rows) {

    /**
     * A row with its settings.
     *
     * @param row      of the file
     * @param settings the file's, the row's own, then the user's
     */
    record Row(Experiment.Row row, Settings settings) {

        List<Long> seeds() {
            List<Long> seeds = new ArrayList<>();
            for (int run = 0; run < settings.train().runs(); run++) {
                seeds.add(settings.train().seed() + run);
            }
            return seeds;
        }

        RunState.Goal goal() {
            Settings.Evaluate evaluate = settings.evaluate();
            return new RunState.Goal(settings.train().epochs(),
                evaluate.cropSizes().isEmpty() ? List.of(settings.model().imageSize()) : evaluate.cropSizes());
        }
    }

    /** @throws InvalidSettingsException with all problems of all rows */
    static PlannedExperiment of(Experiment experiment, CommonOptions common) {
        Set<String> problems = new LinkedHashSet<>();
        Set<String> ids = new HashSet<>();
        List<Row> rows = new ArrayList<>();
        for (Experiment.Row row : experiment.rows()) {
            if (!ids.add(row.id())) {
                problems.add("Cannot use row " + row.id() + ": there are two of it (expected an id of its own for each)");
            }
            try {
                Settings settings = common.settingsOver(row.settings());
                ModelCatalogue.named(settings.model().name());
                rows.add(new Row(row, settings));
            } catch (InvalidSettingsException e) {
                problems.addAll(e.problems());
            } catch (IllegalArgumentException e) {
                problems.add(e.getMessage());
            }
        }
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(List.copyOf(problems));
        }
        return new PlannedExperiment(experiment, rows);
    }

    /**
     * Some of its rows.
     *
     * @param ids none for all
     * @throws IllegalArgumentException if there is no such row
     */
    PlannedExperiment only(List<String> ids) {
        List<String> known = rows.stream().map(row -> row.row().id()).toList();
        for (String id : ids) {
            if (!known.contains(id)) {
                throw new IllegalArgumentException("Cannot choose row " + id + " of " + experiment.name() + " (expected some of " + String.join(", ", known) + ")");
            }
        }
        return ids.isEmpty() ? this : new PlannedExperiment(experiment, rows.stream().filter(row -> ids.contains(row.row().id())).toList());
    }

    /** The crop sizes that any row is evaluated at, the smallest first. */
    List<Integer> crops() {
        return rows.stream().flatMap(row -> row.goal().crops().stream()).distinct().sorted().toList();
    }

    /** Where the runs of a row are: experiments of one output directory share them. */
    Path directory(Path output, Row row) {
        return new Path(new Path(output, experiment.dataset()), row.row().id());
    }

    /**
     * How far all rows are.
     *
     * @throws IllegalArgumentException if runs were trained with other settings; the message names all of these
     */
    List<RowState> states(FileSystem fileSystem, Path output) throws IOException {
        List<RowState> states = new ArrayList<>();
        List<String> problems = new ArrayList<>();
        for (Row row : rows) {
            List<RunState> runs = new ArrayList<>();
            for (long seed : row.seeds()) {
                Path directory = fileSystem.makeQualified(Training.runDirectory(directory(output, row), seed));
                RunState run = RunState.read(fileSystem, directory, seed, row.goal());
                run.newest().map(info -> differences(row.settings(), info)).filter(list -> !list.isEmpty()).ifPresent(list ->
                    problems.add("Cannot use run " + directory + ": " + String.join("; ", list) + " (expected the same settings, or another --output)"));
                runs.add(run);
            }
            int classes = ModelCatalogue.named(row.settings().model().name()).classes();
            states.add(new RowState(row.row(), Networks.complexity(row.settings().model(), classes).trainable(), runs));
        }
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
        return states;
    }

    /** Of the settings alone: whether the data set is the same is seen when a run goes on. */
    private static List<String> differences(Settings settings, CheckpointInfo info) {
        Map<String, String> now = new TreeMap<>(info.provenance());
        now.putAll(settings.effective());
        now.put("train.seed", info.provenance().getOrDefault("train.seed", ""));
        return ResumeCheck.differences(now, info.provenance());
    }
}
