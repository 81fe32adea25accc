package sknet.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import sknet.analyze.AnalysisDirectory;
import sknet.checkpoint.CheckpointStore;
import sknet.data.shard.Storage;
import sknet.evaluate.Details;
import sknet.experiment.Experiment;
import sknet.experiment.ExperimentTable;
import sknet.experiment.RowState;
import sknet.experiment.RunState;
import sknet.train.StopWish;

/** Trains and evaluates what is missing of an experiment. */
final class ExperimentJob {

    /** Images whose attention is shown one by one: Figures 3 and S5 have three. */
    private static final int EXAMPLES = 3;

    private final JavaSparkContext spark;
    private final PlannedExperiment planned;
    private final String data;
    private final Path output;
    private final StopWish stop;
    private final FileSystem fileSystem;

    ExperimentJob(JavaSparkContext spark, PlannedExperiment planned, String data, Path output, StopWish stop) throws IOException {
        this.spark = spark;
        this.planned = planned;
        this.data = data;
        this.output = output;
        this.stop = stop;
        this.fileSystem = Storage.connect(spark.hadoopConfiguration(), output);
    }

    /**
     * Runs all that is missing, or as much until it is told to stop, the first runs of all rows first, and prints the table.
     *
     * @throws IOException if a run failed; the others are finished before
     */
    void run() throws IOException, InterruptedException {
        Map<String, Future<?>> works = new LinkedHashMap<>();
        ExecutorService lanes = Executors.newFixedThreadPool(sideBySide());
        try {
            List<RowState> states = planned.states(fileSystem, output);
            for (int run = 0; run < states.stream().mapToInt(state -> state.runs().size()).max().orElse(0); run++) {
                for (int row = 0; row < states.size(); row++) {
                    if (run < states.get(row).runs().size()) {
                        PlannedExperiment.Row planOfRow = planned.rows().get(row);
                        RunState state = states.get(row).runs().get(run);
                        works.put(task(planOfRow, state.seed()), lanes.submit(() -> {
                            return finish(planOfRow, state);
                        }));
                    }
                }
            }
            join(works);
        } finally {
            lanes.shutdownNow();
        }
        analyse();
        System.out.println();
        System.out.print(ExperimentTable.text(planned.states(fileSystem, output), planned.crops()));
    }

    /** The attention of the first run of each row, beside its runs, where the experiment asks for it and it is not there. */
    private void analyse() throws IOException {
        if (planned.experiment().attention().isEmpty() || stop.isTold()) {
            return;
        }
        List<Double> scales = planned.experiment().attention().get().scales();
        for (PlannedExperiment.Row row : planned.rows()) {
            Path run = Training.runDirectory(planned.directory(output, row), row.seeds().get(0));
            Path checkpoint = Training.newest(fileSystem, run);
            Path directory = new Path(planned.directory(output, row), "attention-step-" + CheckpointStore.step(checkpoint));
            if (!fileSystem.exists(directory)) {
                Path page = new AttentionAnalysis(data, scales, Optional.empty(), EXAMPLES, List.of(), Optional.empty())
                    .run(spark, row.settings(), checkpoint, AnalysisDirectory.at(fileSystem, directory, AnalysisDirectory.Existing.REFUSE));
                System.out.println("the attention of " + row.row().label() + ": " + page);
            }
        }
    }

    /** Runs that the executors of the master suffice for; one where nobody knows how many there are. */
    private int sideBySide() {
        int most = planned.rows().stream().mapToInt(row -> SparkSessions.executors(spark.getConf(), row.settings().train().executors())).max().orElseThrow();
        return Math.max(1, SparkSessions.executorsOfMaster(spark.getConf()).orElse(most) / most);
    }

    private static String task(PlannedExperiment.Row row, long seed) {
        return row.row().label() + ", seed " + seed;
    }

    private Void finish(PlannedExperiment.Row row, RunState state) throws IOException {
        if (stop.isTold()) {
            return null;
        }
        try {
            if (state.phase() == RunState.Phase.WAITING || state.phase() == RunState.Phase.STARTED) {
                TrainingJob.of(spark.hadoopConfiguration(), row.settings(), data).run(spark, task(row, state.seed()), state.directory(), state.seed(), stop);
            }
            if (state.phase() != RunState.Phase.DONE && !stop.isTold()) {
                evaluate(row, state);
            }
            return null;
        } catch (IOException | RuntimeException e) {
            Notices.warn(task(row, state.seed()) + " failed, the other runs go on: " + FailureReport.message(e));
            throw e;
        }
    }

    private void evaluate(PlannedExperiment.Row row, RunState state) throws IOException {
        EvaluateCommand.Checkpoints which = planned.experiment().evaluations() == Experiment.Evaluations.EVERY
            ? EvaluateCommand.Checkpoints.EVERY : EvaluateCommand.Checkpoints.NEWEST;
        new Evaluation(spark, row.settings(), data, fileSystem, Optional.empty(), Details.NONE).evaluateRun(state.directory(), which);
    }

    private static void join(Map<String, Future<?>> works) throws IOException, InterruptedException {
        List<String> failed = new ArrayList<>();
        Throwable first = null;
        for (Map.Entry<String, Future<?>> work : works.entrySet()) {
            try {
                work.getValue().get();
            } catch (ExecutionException e) {
                first = first == null ? e.getCause() : first;
                failed.add(work.getKey());
            }
        }
        if (!failed.isEmpty()) {
            throw new IOException(failed.size() + " of " + works.size() + " runs failed (" + String.join("; ", failed) + "): "
                + FailureReport.message(first), first);
        }
    }
}
