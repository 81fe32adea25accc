package sknet.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.WeightKind;
import sknet.data.image.ResizeCentreCrop;
import sknet.evaluate.EvaluationPlan;
import sknet.evaluate.EvaluationResult;
import sknet.evaluate.Evaluator;
import sknet.train.History;
import sknet.train.StepMetrics;

/** Evaluates checkpoints as the settings say, or where they are silent as the checkpoint's own training says. */
final class Evaluation {

    private final JavaSparkContext spark;
    private final Settings settings;
    private final String data;
    private final FileSystem fileSystem;
    private final Optional<WeightKind> weights;

    /** @param weights of each checkpoint; where it is empty, its averages if it has any */
    Evaluation(JavaSparkContext spark, Settings settings, String data, FileSystem fileSystem, Optional<WeightKind> weights) {
        this.spark = spark;
        this.settings = settings;
        this.data = data;
        this.fileSystem = fileSystem;
        this.weights = weights;
    }

    EvaluationResult evaluate(Path checkpoint) throws IOException {
        return evaluate(checkpoint, CheckpointStore.read(fileSystem, checkpoint));
    }

    private EvaluationResult evaluate(Path checkpoint, Checkpoint read) throws IOException {
        Evaluator evaluator = new Evaluator(spark, plan(read.info().provenance(), weights.orElse(read.preferredWeights())));
        return evaluator.evaluate(checkpoint.toString(), read, SparkSessions.executors(spark, settings.train().executors()));
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
        try (Progress progress = Progress.start("evaluating " + run.getName())) {
            for (Path checkpoint : wanted) {
                Checkpoint read;
                try {
                    read = CheckpointStore.read(fileSystem, checkpoint);
                } catch (FileNotFoundException e) {
                    System.err.println(checkpoint + " was deleted meanwhile: it is passed over");
                    continue;
                }
                EvaluationResult result = evaluate(checkpoint, read);
                result.save(fileSystem, run);
                results.add(result);
                progress.update(results.size(), wanted.size(), String.format("top-1 error %.2f %%", result.top1Error()));
            }
        }
        if (results.isEmpty()) {
            throw new IOException("Cannot evaluate " + run + ": its checkpoints were deleted meanwhile");
        }
        return results;
    }

    private EvaluationPlan plan(Map<String, String> trained, WeightKind kind) {
        ResizeCentreCrop transform = transform(settings.evaluate(), trained);
        return new EvaluationPlan(data, transform, transform.size(), kind, settings.evaluate().batchSize(), settings.train().cacheBytes());
    }

    /** @param trained the checkpoint's provenance, for where the settings are silent */
    static ResizeCentreCrop transform(Settings.Evaluate evaluate, Map<String, String> trained) {
        int cropSize = evaluate.cropSize() > 0 ? evaluate.cropSize() : Integer.parseInt(trained.get("model.image-size"));
        int resize = evaluate.resize();
        if (resize == 0) {
            resize = "random-resized-crop".equals(trained.get("augmentation.kind")) ? Math.round(cropSize * 256 / 224f) : cropSize;
        }
        return new ResizeCentreCrop(resize, cropSize);
    }

    /** The median speed of a run's training steps, all executors together; 0 if nothing was recorded. */
    static double imagesPerSecond(FileSystem fileSystem, Path run) throws IOException {
        double[] speeds = new History(fileSystem, run).read().stream().mapToDouble(StepMetrics::imagesPerSecond).sorted().toArray();
        return speeds.length == 0 ? 0 : speeds[speeds.length / 2];
    }
}
