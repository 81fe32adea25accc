package sknet.status;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.hadoop.fs.ContentSummary;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sknet.checkpoint.CheckpointInfo;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.DamagedCheckpointException;
import sknet.checkpoint.Position;
import sknet.evaluate.EvaluationResult;
import sknet.status.RunStatus.Course;
import sknet.status.RunStatus.Disk;
import sknet.status.RunStatus.Evaluation;
import sknet.status.RunStatus.NewestCheckpoint;
import sknet.status.RunStatus.Phase;
import sknet.train.History;
import sknet.train.RunEvent;
import sknet.train.RunEvent.Kind;
import sknet.train.RunEvents;
import sknet.train.RunProgress;
import sknet.train.SignsOfLife;
import sknet.train.StepMetrics;
import sknet.train.TrainingRun;

/** Reads how one run is. Files may come and go meanwhile. */
final class RunInspection {

    /** A driver that has been silent for longer is taken for gone. */
    static final Duration LONGEST_SILENCE = SignsOfLife.INTERVAL.multipliedBy(4);
    /** Replicas that have reported no step for longer are told of. */
    private static final Duration LONGEST_STEP = Duration.ofMinutes(10);
    /** Enough to know how fast it is, of late. */
    private static final int REPORTS = 50;

    private final FileSystem fileSystem;
    private final Path run;
    private final long nowMillis;
    private final List<String> problems = new ArrayList<>();

    RunInspection(FileSystem fileSystem, Path run, Instant now) {
        this.fileSystem = fileSystem;
        this.run = run;
        this.nowMillis = now.toEpochMilli();
    }

    /** A checkpoint with what it says of itself. */
    private record Described(NewestCheckpoint checkpoint, CheckpointInfo info) {
    }

    /** Reads the directory, which need not exist. */
    RunStatus read() throws IOException {
        Optional<Described> newest = newest();
        Optional<RunProgress.Written> sign = RunProgress.read(fileSystem, run);
        List<RunEvent> events = new RunEvents(fileSystem, run).read();
        List<EvaluationResult> results = results();
        List<StepMetrics> reports = new History(fileSystem, run).tail(REPORTS);
        Optional<RunProgress> said = sign.map(RunProgress.Written::progress);
        Position position = newest.map(described -> described.info.position()).orElse(Position.START);
        int epochs = said.map(RunProgress::epochs).orElse(number(settings(newest), "train.epochs"));
        long lastSign = lastSign(newest, sign, events);
        Phase phase = phase(position, epochs, events, lastSign);
        Optional<StepMetrics> last = Stream.concat(reports.stream(), said.map(RunProgress::last).stream())
            .max(Comparator.comparingLong(StepMetrics::step));
        // Of steps after the newest checkpoint those of a driver that has gone are lost.
        Position reached = phase == Phase.RUNNING ? last.filter(report -> report.step() > position.step())
            .map(report -> new Position(report.epoch(), 0, report.step())).orElse(position) : position;
        long totalSteps = said.map(RunProgress::totalSteps).orElse(totalSteps(position, epochs, batchSize(settings(newest))));
        Course course = course(reached, epochs, totalSteps, batchSize(settings(newest)), speed(reports, last));
        findProblems(phase, events, lastSign, said, last);
        boolean evaluated = newest.isPresent() && results.stream().anyMatch(result -> result.step() == newest.get().checkpoint.step());
        Optional<EvaluationResult> best = results.stream().min(Comparator.comparingDouble(EvaluationResult::top1Error));
        return new RunStatus(run, phase, settings(newest), course, last,
            newest.map(Described::checkpoint), evaluated ? Evaluation.PRESENT : Evaluation.MISSING, best, events, disk(), lastSign,
            List.copyOf(problems));
    }

    private Optional<Described> newest() throws IOException {
        List<Path> paths = new CheckpointStore(fileSystem, new Path(run, TrainingRun.CHECKPOINTS)).list();
        for (int i = paths.size() - 1; i >= 0; i--) {
            try {
                long written = fileSystem.getFileStatus(paths.get(i)).getModificationTime();
                CheckpointInfo info = CheckpointStore.info(fileSystem, paths.get(i));
                return Optional.of(new Described(new NewestCheckpoint(paths.get(i), info.position().step(), written), info));
            } catch (DamagedCheckpointException e) {
                problems.add(e.getMessage());
            } catch (FileNotFoundException e) {
                // The run keeps only some, and has just deleted it.
            }
        }
        return Optional.empty();
    }

    private List<EvaluationResult> results() {
        try {
            return EvaluationResult.readAll(fileSystem, run);
        } catch (IOException e) {
            problems.add(e.getMessage());
            return List.of();
        }
    }

    private static Course course(Position reached, int epochs, long totalSteps, int batchSize, double speed) {
        Optional<Duration> left = speed > 0 && batchSize > 0 && totalSteps > 0
            ? Optional.of(Duration.ofMillis((long) (1000.0 * (totalSteps - reached.step()) * batchSize / speed))) : Optional.empty();
        return new Course(reached.epoch(), epochs, reached.step(), totalSteps, speed, left);
    }

    private static Map<String, String> settings(Optional<Described> newest) {
        return newest.map(described -> described.info.provenance()).orElse(Map.of());
    }

    private static int batchSize(Map<String, String> settings) {
        return number(settings, "batch.micro-batches") * number(settings, "batch.micro-batch-size");
    }

    private static int number(Map<String, String> settings, String key) {
        return Integer.parseInt(settings.getOrDefault(key, "0"));
    }

    /** As many in each epoch as in those that are done; 0 before the first is. */
    private static long totalSteps(Position position, int epochs, int batchSize) {
        return position.epoch() == 0 || batchSize == 0 ? 0 : (position.step() - position.sample() / batchSize) / position.epoch() * epochs;
    }

    /** Images a second of late; 0 where nothing was reported. */
    private static double speed(List<StepMetrics> reports, Optional<StepMetrics> last) {
        double seconds = reports.stream().mapToDouble(StepMetrics::seconds).sum();
        return seconds == 0 ? last.map(StepMetrics::imagesPerSecond).orElse(0.0)
            : reports.stream().mapToDouble(report -> report.imagesPerSecond() * report.seconds()).sum() / seconds;
    }

    private static long lastSign(Optional<Described> newest, Optional<RunProgress.Written> sign, List<RunEvent> events) {
        long checkpoint = newest.map(described -> described.checkpoint.writtenMillis()).orElse(0L);
        long event = events.isEmpty() ? 0 : events.get(events.size() - 1).epochMillis();
        return Math.max(Math.max(checkpoint, event), sign.map(RunProgress.Written::epochMillis).orElse(0L));
    }

    private Phase phase(Position position, int epochs, List<RunEvent> events, long lastSign) {
        Kind last = events.stream().map(RunEvent::kind).filter(kind -> kind != Kind.CORRUPT && kind != Kind.DAMAGED)
            .reduce((earlier, later) -> later).orElse(null);
        if (last == Kind.FAILED) {
            return Phase.FAILED;
        }
        boolean isSilent = nowMillis - lastSign > LONGEST_SILENCE.toMillis();
        if (last == Kind.FINISHED || epochs > 0 && position.epoch() >= epochs && (isSilent || last == null)) {
            return Phase.FINISHED;
        }
        if (last == Kind.STOPPED) {
            return Phase.STOPPED;
        }
        if (last == null && position.step() == 0) {
            return Phase.NOT_STARTED;
        }
        return isSilent ? Phase.SILENT : Phase.RUNNING;
    }

    private void findProblems(Phase phase, List<RunEvent> events, long lastSign, Optional<RunProgress> said, Optional<StepMetrics> last) {
        if (phase == Phase.FAILED) {
            problems.add("it failed: " + events.get(events.size() - 1).detail());
        }
        if (phase == Phase.SILENT) {
            problems.add("no sign of life since " + Instant.ofEpochMilli(lastSign / 1000 * 1000)
                + ": its driver was killed, or does not reach the file system");
        }
        if (phase == Phase.RUNNING && said.isPresent() && said.get().silenceSeconds() > LONGEST_STEP.toSeconds()) {
            problems.add("no step for " + Math.round(said.get().silenceSeconds() / 60)
                + " minutes: it waits for executors, or for the file system, or one of its replicas hangs");
        }
        if (last.isPresent() && !Double.isFinite(last.get().loss())) {
            problems.add("its loss is " + last.get().loss()
                + ": a lower optimizer.learning-rate, optimizer.warm-up-epochs or optimizer.clip-norm may help");
        }
    }

    private Disk disk() throws IOException {
        try {
            ContentSummary summary = fileSystem.getContentSummary(new Path(run, TrainingRun.CHECKPOINTS));
            return new Disk(summary.getFileCount(), summary.getLength(), summary.getSpaceConsumed());
        } catch (FileNotFoundException e) {
            return new Disk(0, 0, 0);
        }
    }
}
