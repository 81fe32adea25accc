package sknet.cli;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.WeightKind;
import sknet.data.shard.Storage;
import sknet.evaluate.Details;
import sknet.evaluate.EvaluationResult;

/** {@code sknet evaluate}. */
@Command(name = "evaluate", mixinStandardHelpOptions = true,
    description = "Counts top-1 and top-5 errors on the validation images: of one checkpoint, or of the newest checkpoint of every "
        + "run in a directory that 'sknet train' wrote, with their mean and standard deviation.")
final class EvaluateCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "PATH", description = "A checkpoint file, or train's --output.")
    private String path;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "A data set that 'sknet prepare' wrote.")
    private String data;

    @ArgGroup
    private Which which = new Which();

    /** Which checkpoints of a run, where it is not the newest alone. */
    private static final class Which {

        @Option(names = "--every", description = "Evaluate every checkpoint of each run but that of step 0, for its learning curve.")
        private boolean every;

        @Option(names = "--watch", description = "Evaluate every checkpoint that has no result, but those of step 0, and each new one as a "
            + "training in another job writes it, until all its runs are finished. PATH need not exist yet. Settings: evaluate.poll-interval, "
            + "evaluate.idle-timeout.")
        private boolean watch;
    }

    @Option(names = "--details", description = "Keep the confusion matrix and each class's errors too, in Parquet beside the result.")
    private boolean withClasses;

    @Option(names = "--predictions", description = "Keep these, and the five most probable classes of each image.")
    private boolean withPredictions;

    @Option(names = "--output", paramLabel = "DIR",
        description = "Where the result of a single checkpoint goes, in DIR/evaluation (default: it is only printed).")
    private String output;

    @Mixin
    private WeightsOption weights;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        Settings settings = common.settings();
        SparkConf conf = SparkSessions.conf("sknet evaluate " + path);
        EvaluationMemory.set(conf, settings, path);
        try (JavaSparkContext spark = SparkSessions.open(conf)) {
            FileSystem fileSystem = connect(spark, data, path);
            Path target = fileSystem.makeQualified(new Path(path));
            Evaluation evaluation = new Evaluation(spark, settings, data, fileSystem, weights.kind(), details());
            if (fileSystem.exists(target) && fileSystem.getFileStatus(target).isFile()) {
                evaluateFile(spark, evaluation, fileSystem, target);
            } else if (output != null) {
                throw new IllegalArgumentException("Cannot use --output " + output + " for " + target + " (expected a checkpoint file: the results"
                    + " of runs are kept in their directories)");
            } else if (which.watch) {
                new CheckpointWatch(spark, evaluation, settings, fileSystem, target).run();
            } else {
                evaluateRuns(evaluation, fileSystem, target, which.every ? Checkpoints.EVERY : Checkpoints.NEWEST);
            }
        }
        return 0;
    }

    private Details details() {
        if (withPredictions) {
            return Details.PREDICTIONS;
        }
        return withClasses ? Details.CLASSES : Details.NONE;
    }

    private void evaluateFile(JavaSparkContext spark, Evaluation evaluation, FileSystem fileSystem, Path checkpoint) throws IOException {
        if (which.watch) {
            throw new IllegalArgumentException("Cannot watch " + checkpoint + ": it is a file (expected train's --output)");
        }
        if (output == null && details() != Details.NONE) {
            throw new IllegalArgumentException("Cannot keep details of " + checkpoint + ": there is no place for them (expected --output DIR)");
        }
        EvaluationResult result;
        if (output == null) {
            result = evaluation.evaluate(checkpoint);
        } else {
            Path directory = new Path(output);
            FileSystem target = Storage.connect(spark.hadoopConfiguration(), directory);
            result = evaluation.evaluateInto(target.makeQualified(directory), checkpoint, CheckpointStore.read(fileSystem, checkpoint));
        }
        System.out.printf(Locale.ROOT, "%s, weights: %s%n%,d images, %s%n", checkpoint, result.weights(), result.tally().images(),
            SummaryTable.line(result));
    }

    /** Which checkpoints of a run to evaluate. */
    enum Checkpoints { NEWEST, EVERY }

    /** Evaluates the runs of a training and keeps their results, without details. */
    static void evaluate(JavaSparkContext spark, Settings settings, String data, String training, Checkpoints which,
                         Optional<WeightKind> weights) throws IOException {
        FileSystem fileSystem = connect(spark, data, training);
        evaluateRuns(new Evaluation(spark, settings, data, fileSystem, weights, Details.NONE), fileSystem,
            fileSystem.makeQualified(new Path(training)), which);
    }

    private static FileSystem connect(JavaSparkContext spark, String data, String path) throws IOException {
        Storage.connect(spark.hadoopConfiguration(), new Path(data));
        return Storage.connect(spark.hadoopConfiguration(), new Path(path));
    }

    private static void evaluateRuns(Evaluation evaluation, FileSystem fileSystem, Path training, Checkpoints which) throws IOException {
        Map<Path, EvaluationResult> newest = new LinkedHashMap<>();
        for (Path run : Training.runs(fileSystem, training)) {
            List<EvaluationResult> results = evaluation.evaluateRun(run, which);
            newest.put(run, results.get(results.size() - 1));
        }
        evaluation.summarise(training, newest);
    }
}
