package sknet.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.Position;
import sknet.checkpoint.WeightKind;
import sknet.data.image.ResizeCentreCrop;
import sknet.data.shard.DatasetManifest;
import sknet.evaluate.Details;
import sknet.evaluate.EvaluationPlan;
import sknet.evaluate.EvaluationResult;
import sknet.evaluate.Evaluator;
import sknet.evaluate.Summary;
import sknet.train.History;
import sknet.train.JobLabel;
import sknet.train.StepMetrics;

/** Evaluates checkpoints as the settings say, or where they are silent as the checkpoint's own training says. */
final class Evaluation {

    private final JavaSparkContext spark;
    private final Settings settings;
    private final String data;
    private final FileSystem fileSystem;
    private final Optional<WeightKind> weights;
    private final Details details;

    /**
     * @param fileSystem of the checkpoints
     * @param weights    of each checkpoint; where it is empty, its averages if it has any
     * @param details    what is kept beside each result
     */
    Evaluation(JavaSparkContext spark, Settings settings, String data, FileSystem fileSystem, Optional<WeightKind> weights, Details details) {
        this.spark = spark;
        this.settings = settings;
        this.data = data;
        this.fileSystem = fileSystem;
        this.weights = weights;
        this.details = details;
    }

    /** Evaluates a checkpoint and keeps nothing. */
    EvaluationResult evaluate(Path checkpoint) throws IOException {
        Checkpoint read = CheckpointStore.read(fileSystem, checkpoint);
        try (JobLabel label = label(checkpoint.toString(), read)) {
            return evaluator(read).evaluate(checkpoint.toString(), read, slots());
        }
    }

    /**
     * Evaluates a checkpoint and keeps the result.
     *
     * @param run        the directory that gets it
     * @param checkpoint where it is
     * @param read       what it holds
     */
    EvaluationResult evaluateInto(Path run, Path checkpoint, Checkpoint read) throws IOException {
        try (JobLabel label = label(run.toString(), read)) {
            return evaluator(read).evaluateInto(run, details, checkpoint.toString(), read, slots());
        }
    }

    private JobLabel label(String group, Checkpoint read) {
        Position position = read.info().position();
        return JobLabel.of(spark, group, String.format(Locale.ROOT, "evaluate %s after %,d epochs, step %,d",
            read.info().provenance().getOrDefault("model.name", "a network"), position.epoch(), position.step()));
    }

    private Evaluator evaluator(Checkpoint read) throws IOException {
        return new Evaluator(spark, plan(read.info().provenance(), weights.orElse(read.preferredWeights())));
    }

    private int slots() {
        return SparkSessions.executors(spark.getConf(), settings.train().executors());
    }

    /** Evaluates a run's checkpoints and keeps the results in its directory. */
    List<EvaluationResult> evaluateRun(Path run, EvaluateCommand.Checkpoints which) throws IOException {
        List<Path> checkpoints = Training.checkpoints(fileSystem, run).list();
        if (checkpoints.isEmpty()) {
            throw new IllegalArgumentException("Cannot evaluate " + run + ": it has no checkpoint");
        }
        Path newest = checkpoints.get(checkpoints.size() - 1);
        List<Path> wanted = which == EvaluateCommand.Checkpoints.NEWEST ? List.of(newest)
            : checkpoints.stream().filter(path -> path.equals(newest) || CheckpointStore.step(path) > 0).toList();
        List<EvaluationResult> results = new ArrayList<>();
        Path dataset = new Path(data);
        int images = DatasetManifest.read(dataset.getFileSystem(spark.hadoopConfiguration()), dataset).split(DatasetManifest.VAL).records();
        long total = (long) wanted.size() * images;
        AtomicReference<String> last = new AtomicReference<>("images");
        // Answers that are kept for --predictions are counted again when they are written.
        try (Progress progress = Progress.start("evaluating " + run.getName());
             ImagesSeen ofAll = ImagesSeen.of(spark, run.toString(), seen -> progress.update(Math.min(seen, total), total, last.get()))) {
            for (Path checkpoint : wanted) {
                Checkpoint read;
                try {
                    read = CheckpointStore.read(fileSystem, checkpoint);
                } catch (FileNotFoundException e) {
                    Notices.warn(checkpoint + " was deleted meanwhile: it is passed over");
                    continue;
                }
                EvaluationResult result = evaluateInto(run, checkpoint, read);
                results.add(result);
                last.set("images, " + SummaryTable.line(result));
            }
        }
        if (results.isEmpty()) {
            throw new IOException("Cannot evaluate " + run + ": its checkpoints were deleted meanwhile");
        }
        return results;
    }

    private EvaluationPlan plan(Map<String, String> trained, WeightKind kind) {
        return new EvaluationPlan(data, crops(settings.evaluate(), trained), kind, settings.evaluate().batchSize(), settings.data().threads(),
            settings.train().cacheBytes());
    }

    /** @param trained the checkpoint's provenance, for where the settings are silent */
    static List<ResizeCentreCrop> crops(Settings.Evaluate evaluate, Map<String, String> trained) {
        List<Integer> sizes = evaluate.cropSizes().isEmpty() ? List.of(Integer.parseInt(trained.get("model.image-size"))) : evaluate.cropSizes();
        boolean enlarged = "random-resized-crop".equals(trained.get("augmentation.kind"));
        List<ResizeCentreCrop> crops = new ArrayList<>();
        for (int size : sizes) {
            int byDefault = enlarged ? Math.round(size * 256 / 224f) : size;
            crops.add(new ResizeCentreCrop(evaluate.resize() > 0 ? evaluate.resize() : byDefault, size));
        }
        return crops;
    }

    /** Prints and saves what the newest results of some runs say together. */
    void summarise(Path training, Map<Path, EvaluationResult> newest) throws IOException {
        List<Summary.Run> runs = new ArrayList<>();
        for (Map.Entry<Path, EvaluationResult> entry : newest.entrySet()) {
            Path run = entry.getKey();
            runs.add(new Summary.Run(run.getName(), entry.getValue(), imagesPerSecond(run)));
        }
        Summary summary = Summary.of(runs);
        System.out.print(SummaryTable.of(summary));
        System.out.println("written to " + summary.save(fileSystem, training));
    }

    /** The median speed of a run's training steps, all executors together; 0 if nothing was recorded. */
    private double imagesPerSecond(Path run) throws IOException {
        double[] speeds = new History(fileSystem, run).read().stream().mapToDouble(StepMetrics::imagesPerSecond).sorted().toArray();
        return speeds.length == 0 ? 0 : speeds[speeds.length / 2];
    }
}
