package sknet.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import sknet.status.RunStatus;
import sknet.status.RunStatus.Evaluation;
import sknet.status.RunStatus.Phase;
import sknet.status.TrainingStatus;

/** The command that takes a training on, whole: its data set and settings are those of its checkpoints. */
final class NextCommand {

    private static final Pattern PLAIN = Pattern.compile("[\\w./:=,+-]+");
    /** Settings that a training does not read. */
    private static final List<String> OTHERS = List.of("prepare.", "evaluate.");
    private static final String SEED = "train.seed";

    private NextCommand() {
    }

    /** The command in one line; empty where no checkpoint says which data set and settings it was. */
    static String after(TrainingStatus training) {
        Map<String, String> settings = training.settings();
        String data = settings.get("dataset");
        if (data == null) {
            return "";
        }
        String output = training.directory().toString();
        if (training.any(Phase.RUNNING)) {
            return line(List.of("evaluate", output, "--data", data, "--watch"));
        }
        if (!training.all(Phase.FINISHED)) {
            return line(train(training, data));
        }
        boolean evaluated = training.runs().stream().allMatch(run -> run.evaluation() == Evaluation.PRESENT);
        return line(evaluated ? List.of("report", output, "report.html") : List.of("evaluate", output, "--data", data));
    }

    private static List<String> train(TrainingStatus training, String data) {
        List<String> words = new ArrayList<>(List.of("train", "--data", data, "--output", training.directory().toString()));
        Map<String, String> defaults = Settings.load(List.of(), List.of(), List.of()).effective();
        training.settings().forEach((key, value) -> {
            boolean isTrainings = defaults.containsKey(key) && OTHERS.stream().noneMatch(key::startsWith) && !key.equals(SEED);
            if (isTrainings && !value.equals(defaults.get(key))) {
                words.addAll(List.of("--set", key + "=" + value));
            }
        });
        // A run's own seed is the training's plus its number.
        String seed = Long.toString(training.runs().stream().map(RunStatus::directory).mapToLong(Training::seed).min().orElseThrow());
        if (!seed.equals(defaults.get(SEED))) {
            words.addAll(List.of("--set", SEED + "=" + seed));
        }
        return words;
    }

    private static String line(List<String> words) {
        StringBuilder line = new StringBuilder("./sknet");
        for (String word : words) {
            line.append(' ').append(PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'");
        }
        return line.toString();
    }
}
