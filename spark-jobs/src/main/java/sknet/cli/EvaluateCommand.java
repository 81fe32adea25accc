package sknet.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import sknet.checkpoint.WeightKind;
import sknet.data.shard.Storage;
import sknet.evaluate.EvaluationResult;
import sknet.evaluate.Summary;

/** {@code sknet evaluate}. */
@Command(name = "evaluate", mixinStandardHelpOptions = true,
    description = "Counts top-1 and top-5 errors on the validation images: of one checkpoint, or of the newest checkpoint of every "
        + "run in a directory that 'sknet train' wrote, with their mean and standard deviation.")
final class EvaluateCommand implements Callable<Integer> {

    @Parameters(index = "0", paramLabel = "PATH", description = "A checkpoint file, or train's --output.")
    private String path;

    @Option(names = "--data", required = true, paramLabel = "DIR", description = "A data set that 'sknet prepare' wrote.")
    private String data;

    @Option(names = "--every", description = "Evaluate every checkpoint of each run but that of step 0, for its learning curve.")
    private boolean every;

    @Mixin
    private WeightsOption weights;

    @Mixin
    private CommonOptions common;

    @Override
    public Integer call() throws Exception {
        Settings settings = common.settings();
        try (JavaSparkContext spark = SparkSessions.open("sknet evaluate " + path)) {
            evaluate(spark, settings, data, path, every ? Checkpoints.EVERY : Checkpoints.NEWEST, weights.kind());
        }
        return 0;
    }

    /** Which checkpoints of a run to evaluate. */
    enum Checkpoints { NEWEST, EVERY }

    static void evaluate(JavaSparkContext spark, Settings settings, String data, String path, Checkpoints which,
                         Optional<WeightKind> weights) throws IOException {
        Storage.connect(spark.hadoopConfiguration(), new Path(data));
        FileSystem fileSystem = Storage.connect(spark.hadoopConfiguration(), new Path(path));
        Path target = fileSystem.makeQualified(new Path(path));
        Evaluation evaluation = new Evaluation(spark, settings, data, fileSystem, weights);
        if (fileSystem.exists(target) && fileSystem.getFileStatus(target).isFile()) {
            EvaluationResult result = evaluation.evaluate(target);
            System.out.printf(Locale.ROOT, "%s, weights: %s%n%,d images, %s%n", target, result.weights(), result.tally().images(),
                SummaryTable.line(result));
            return;
        }
        List<Summary.Run> runs = new ArrayList<>();
        for (Path run : Training.runs(fileSystem, target)) {
            List<EvaluationResult> results = evaluation.evaluateRun(run, which);
            runs.add(new Summary.Run(run.getName(), results.get(results.size() - 1), Evaluation.imagesPerSecond(fileSystem, run)));
        }
        Summary summary = Summary.of(runs);
        System.out.print(SummaryTable.of(summary));
        System.out.println("written to " + summary.save(fileSystem, target));
    }
}
