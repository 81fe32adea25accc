package sknet.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sknet.bench.NetworkBenchmark;
import sknet.bench.Workload;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.Storage;
import sknet.experiment.RowState;
import sknet.experiment.RunState;
import sknet.model.Complexity;
import sknet.model.ModelCatalogue;
import sknet.train.ExecutorMemory;
import sknet.train.TrainingPlan;

/** What is missing of an experiment, and what it takes: memory, disk, and time by a step of each model that is measured on this machine. */
final class ExperimentForecast {

    private static final int MEASURED_BATCH = 8;
    private static final int WARM_UP = 2;
    private static final int STEPS = 3;
    private static final double GIB = 1 << 30;
    private static final String LINE = "%-28s %9s %10s %9s %9s %10s %12s%n";

    private final PlannedExperiment planned;
    private final String data;
    private final Map<String, Double> imagesPerSecond = new HashMap<>();

    ExperimentForecast(PlannedExperiment planned, String data) {
        this.planned = planned;
        this.data = data;
    }

    /**
     * What a row takes.
     *
     * @param missing runs that are not trained to their end
     * @param disk    bytes of the checkpoints of all runs, before HDFS replicates them
     * @param seconds of the missing epochs, on all executors of a run
     */
    private record Needs(int missing, int executors, ExecutorMemory memory, long disk, double seconds) {
    }

    void print(Configuration hadoop, Path output) throws IOException {
        FileSystem fileSystem = Storage.connect(hadoop, output);
        DatasetManifest manifest = DatasetManifest.read(Storage.connect(hadoop, new Path(data)), new Path(data));
        List<RowState> states = planned.states(fileSystem, output);
        checkShares();
        System.out.printf("%s%n%ndata set %s: %,d images to train on, %,d to evaluate, %,d classes%n%n", planned.experiment().title(), data,
            manifest.split(DatasetManifest.TRAIN).records(), manifest.split(DatasetManifest.VAL).records(), manifest.classes().size());
        System.out.printf(LINE, "model", "missing", "executors", "heap GiB", "native GiB", "disk GiB", "time left");
        double seconds = 0;
        long disk = 0;
        for (int i = 0; i < states.size(); i++) {
            Needs needs = needs(planned.rows().get(i), states.get(i), manifest);
            System.out.printf(Locale.ROOT, LINE, states.get(i).row().label(), needs.missing() + " of " + states.get(i).runs().size(), needs.executors(),
                gib(needs.memory().heapBytes()), gib(needs.memory().nativeBytes()), gib(needs.disk()), duration(needs.seconds()));
            seconds += needs.seconds();
            disk += needs.disk();
        }
        System.out.printf("%nall: %s one run after the other, %s GiB of checkpoints (times the replication of HDFS)%n", duration(seconds), gib(disk));
        System.out.println("heap: spark.executor.memory at least; native: spark.executor.memoryOverhead at least. time: by a step measured on this machine, "
            + "as if each executor were one; without waiting for each other, for data, and for evaluation.");
    }

    /** What would fail at the start of each run. */
    private void checkShares() {
        List<String> problems = planned.rows().stream().filter(row -> row.settings().batch().microBatches() % executors(row) != 0)
            .map(row -> "Cannot share the " + row.settings().batch().microBatches() + " micro-batches of " + row.row().label() + " among " + executors(row)
                + " executors (expected batch.micro-batches to be a multiple of train.executors)").toList();
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
    }

    /** Without a master to ask: one a micro-batch. */
    private static int executors(PlannedExperiment.Row row) {
        int configured = row.settings().train().executors();
        return configured > 0 ? configured : row.settings().batch().microBatches();
    }

    private Needs needs(PlannedExperiment.Row row, RowState state, DatasetManifest manifest) throws IOException {
        Settings settings = row.settings();
        Complexity complexity = Networks.complexity(settings.model(), manifest.classes().size());
        TrainingJob job = new TrainingJob(settings, new Path(data), manifest);
        TrainingPlan plan = job.plan(state.runs().get(0).directory(), settings.train().seed());
        int executors = executors(row);
        int epochs = 0;
        for (RunState run : state.runs()) {
            epochs += Math.max(0, settings.train().epochs() - run.epoch());
        }
        int missing = (int) state.runs().stream().filter(run -> run.epoch() < settings.train().epochs()).count();
        long images = (long) epochs * plan.stepsPerEpoch(manifest.split(DatasetManifest.TRAIN).records()) * plan.batchSize();
        double seconds = epochs == 0 ? 0 : images / (measured(settings) * executors);
        // Weights and momentum, and the average of the weights where it is kept.
        long checkpoint = Float.BYTES * complexity.withStatistics() * (settings.optimizer().stepOptions().averages() ? 3 : 2);
        int kept = settings.train().keepCheckpoints() > 0 ? settings.train().keepCheckpoints() + 1 : settings.train().epochs() + 1;
        return new Needs(missing, executors, job.memory(executors), checkpoint * kept * state.runs().size(), seconds);
    }

    /** Images a second of a training step on this machine. */
    private double measured(Settings settings) throws IOException {
        String key = settings.model().name() + " " + settings.model().imageSize() + " " + settings.model().precision();
        Double known = imagesPerSecond.get(key);
        if (known != null) {
            return known;
        }
        int batch = Math.min(MEASURED_BATCH, settings.batch().microBatchSize());
        NetworkBenchmark benchmark = new NetworkBenchmark(Workload.TRAIN, ModelCatalogue.named(settings.model().name()), settings.model().precision(),
            settings.model().imageSize(), batch, Runtime.getRuntime().availableProcessors(), WARM_UP, STEPS);
        try (Progress progress = Progress.start("measuring " + settings.model().name())) {
            double speed = benchmark.run((done, total) -> progress.update(done, total, "")).imagesPerSecond();
            imagesPerSecond.put(key, speed);
            return speed;
        }
    }

    private static String gib(long bytes) {
        return String.format(Locale.ROOT, "%.1f", bytes / GIB);
    }

    private static String duration(double seconds) {
        Duration duration = Duration.ofSeconds(Math.round(seconds));
        return duration.toDays() > 0 ? String.format("%d d %d h", duration.toDays(), duration.toHoursPart())
            : String.format("%d:%02d:%02d h", duration.toHours(), duration.toMinutesPart(), duration.toSecondsPart());
    }
}
