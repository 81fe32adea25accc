package sknet.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import sknet.status.RunStatus;
import sknet.status.RunStatus.Course;
import sknet.status.RunStatus.Disk;
import sknet.status.RunStatus.Phase;
import sknet.status.TrainingStatus;
import sknet.train.RunEvent;
import sknet.train.RunEvent.Kind;

/** A training's status for people: a line a run, then what is worth a word. */
final class StatusText {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);
    private static final String UNKNOWN = "-";

    private StatusText() {
    }

    /** @param next the next command; empty for none */
    static String of(TrainingStatus training, String next) {
        StringBuilder text = new StringBuilder();
        text.append(training.directory()).append(": ").append(training.settings().getOrDefault("model.name", "no checkpoint yet"));
        if (training.settings().containsKey("dataset")) {
            text.append(" on ").append(training.settings().get("dataset"));
        }
        text.append(String.format("%n%n%-10s %-12s %9s %19s %9s %9s %9s %8s %12s%n", "run", "state", "epochs", "steps", "loss", "images/s", "left",
            "error %", "checkpoint"));
        training.runs().forEach(run -> text.append(line(run, training.time())));
        text.append(System.lineSeparator());
        training.runs().forEach(run -> words(run).forEach(word -> text.append(run.name()).append(": ").append(word).append(System.lineSeparator())));
        Disk disk = training.disk();
        text.append(String.format(Locale.ROOT, "checkpoints: %,d files, %s, with replicas %s%n", disk.files(), size(disk.bytes()),
            size(disk.bytesOnDisk())));
        if (!next.isEmpty()) {
            text.append("next: ").append(next).append(System.lineSeparator());
        }
        return text.toString();
    }

    private static String line(RunStatus run, Instant now) {
        Course course = run.course();
        String steps = String.format(Locale.ROOT, "%,d", course.step())
            + (course.totalSteps() > 0 ? String.format(Locale.ROOT, "/%,d", course.totalSteps()) : "");
        return String.format(Locale.ROOT, "%-10s %-12s %9s %19s %9s %9s %9s %8s %12s%n", run.name(), word(run.phase()),
            course.epochs() > 0 ? course.epoch() + "/" + course.epochs() : UNKNOWN, steps,
            run.last().map(last -> String.format(Locale.ROOT, "%.3f", last.loss())).orElse(UNKNOWN),
            course.imagesPerSecond() > 0 ? String.format(Locale.ROOT, "%,.0f", course.imagesPerSecond()) : UNKNOWN,
            run.phase() == Phase.FINISHED ? UNKNOWN : course.left().map(StatusText::span).orElse(UNKNOWN),
            run.best().map(best -> String.format(Locale.ROOT, "%.2f", best.top1Error())).orElse(UNKNOWN),
            run.newest().map(newest -> span(Duration.ofMillis(now.toEpochMilli() - newest.writtenMillis())) + " ago").orElse(UNKNOWN));
    }

    static String word(Phase phase) {
        return phase.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static List<String> words(RunStatus run) {
        List<String> words = new ArrayList<>(run.problems());
        List<RunEvent> restarts = run.events(Kind.RESTARTED);
        if (!restarts.isEmpty()) {
            RunEvent last = restarts.get(restarts.size() - 1);
            words.add(String.format(Locale.ROOT, "restarts: %,d, the last %s at step %,d: %s", restarts.size(), time(last.epochMillis()), last.step(),
                last.detail()));
        }
        List<RunEvent> corrupt = run.events(Kind.CORRUPT);
        if (!corrupt.isEmpty()) {
            words.add(String.format(Locale.ROOT, "corrupt records that others took the place of: %,d, the last: %s", corrupt.size(),
                corrupt.get(corrupt.size() - 1).detail()));
        }
        if (run.phase() == Phase.STOPPED) {
            words.add("it was told to stop, last " + time(run.lastSignMillis()));
        }
        return words;
    }

    private static String time(long epochMillis) {
        return TIME.format(Instant.ofEpochMilli(epochMillis));
    }

    /** The two largest units. */
    private static String span(Duration duration) {
        long seconds = Math.max(0, duration.toSeconds());
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + " min";
        }
        return seconds < 86_400 ? String.format("%d:%02d h", seconds / 3_600, seconds / 60 % 60)
            : String.format("%d d %d h", seconds / 86_400, seconds / 3_600 % 24);
    }

    private static String size(long bytes) {
        return bytes < 1e9 ? String.format(Locale.ROOT, "%.1f MB", bytes / 1e6) : String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
    }
}
