package sknet.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.StoragePatience;
import sknet.evaluate.EvaluationResult;

/**
 * Evaluates the checkpoints of a training that another job is at, as they appear. What is evaluated is known by the result files alone: a
 * watch that was ended or lost goes on where it was when it is started again. Checkpoints have their names only when they are whole.
 */
final class CheckpointWatch {

    private static final String TOLD_TO_END = "told to end";

    private final JavaSparkContext spark;
    private final Evaluation evaluation;
    private final Settings.Evaluate settings;
    private final StoragePatience patience;
    private final FileSystem fileSystem;
    private final Path training;
    private final Map<Path, WatchedRun> runs = new LinkedHashMap<>();

    /** @param training need not exist yet */
    CheckpointWatch(JavaSparkContext spark, Evaluation evaluation, Settings settings, FileSystem fileSystem, Path training) {
        this.spark = spark;
        this.evaluation = evaluation;
        this.settings = settings.evaluate();
        this.patience = new StoragePatience(settings.train().storageTimeout());
        this.fileSystem = fileSystem;
        this.training = training;
    }

    /** Watches until all runs are finished, nothing has been new for evaluate.idle-timeout, or the process is told to end. */
    void run() throws IOException, InterruptedException {
        try (StopSignal stop = StopSignal.listen(spark::cancelAllJobs)) {
            run(stop);
        }
    }

    /** @param stop may end it */
    void run(StopSignal stop) throws IOException, InterruptedException {
        System.out.println("watching " + training);
        String reason = stop.isWanted() ? TOLD_TO_END : watch(stop);
        System.out.println("no longer watching " + training + ": " + reason);
    }

    private String watch(StopSignal stop) throws IOException, InterruptedException {
        try {
            String reason = evaluateUntilEnd(stop);
            summarise();
            return reason;
        } catch (Exception e) {
            // A Spark job that is cancelled fails.
            if (!stop.isWanted()) {
                throw e;
            }
            return TOLD_TO_END;
        }
    }

    private String evaluateUntilEnd(StopSignal stop) throws IOException, InterruptedException {
        long newNanos = System.nanoTime();
        while (!stop.isWanted()) {
            if (evaluateNext()) {
                newNanos = System.nanoTime();
                continue;
            }
            if (isFinished()) {
                return "all its runs are finished";
            }
            Duration idle = Duration.ofNanos(System.nanoTime() - newNanos);
            if (!settings.idleTimeout().isZero() && idle.compareTo(settings.idleTimeout()) >= 0) {
                return "no checkpoint was new for " + settings.idleTimeout().toSeconds() + " s (evaluate.idle-timeout)";
            }
            stop.pause(settings.pollInterval());
        }
        return TOLD_TO_END;
    }

    /** One checkpoint of one run, so that what happened meanwhile is seen. */
    private boolean evaluateNext() throws IOException {
        for (Path run : patience.insist("list runs in " + training, () -> Training.runsSoFar(fileSystem, training))) {
            if (!runs.containsKey(run)) {
                runs.put(run, new WatchedRun(fileSystem, run, patience));
            }
        }
        for (WatchedRun run : runs.values()) {
            if (run.evaluateNext(this::evaluate)) {
                return true;
            }
        }
        return false;
    }

    private EvaluationResult evaluate(Path run, Path path, Checkpoint checkpoint) throws IOException {
        EvaluationResult result = evaluation.evaluateInto(run, path, checkpoint);
        System.out.println(run.getName() + ", step " + result.step() + ", epoch " + result.epoch() + ", " + SummaryTable.line(result));
        return result;
    }

    /** All that the training is to have are there, and finished. */
    private boolean isFinished() throws IOException {
        int wanted = 1;
        for (WatchedRun run : runs.values()) {
            if (!run.isFinished()) {
                return false;
            }
            wanted = Math.max(wanted, run.runsOfTraining());
        }
        return runs.size() >= wanted;
    }

    private void summarise() throws IOException {
        Map<Path, EvaluationResult> newest = new LinkedHashMap<>();
        for (WatchedRun run : runs.values()) {
            run.newestResult().ifPresent(result -> newest.put(run.directory(), result));
        }
        if (!newest.isEmpty()) {
            evaluation.summarise(training, newest);
        }
    }
}
