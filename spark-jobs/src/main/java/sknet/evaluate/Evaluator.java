package sknet.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.StorageLevel;
import sknet.checkpoint.Checkpoint;
import sknet.data.image.ResizeCentreCrop;
import sknet.data.shard.DatasetManifest;

/** The evaluation job on the driver. */
public final class Evaluator {

    /** More tasks than slots, so that a slow or lost executor costs little. */
    private static final int TASKS_PER_SLOT = 2;

    private final JavaSparkContext spark;
    private final EvaluationPlan plan;
    private final DatasetManifest manifest;
    private final int images;

    public Evaluator(JavaSparkContext spark, EvaluationPlan plan) throws IOException {
        this.spark = spark;
        this.plan = plan;
        Path dataset = new Path(plan.dataset());
        this.manifest = DatasetManifest.read(dataset.getFileSystem(spark.hadoopConfiguration()), dataset);
        this.images = manifest.split(DatasetManifest.VAL).records();
    }

    /**
     * Counts the errors of one checkpoint over the whole validation split.
     *
     * @param path  the checkpoint's, for the result
     * @param slots tasks that run at once
     * @throws IOException              if an image was not counted exactly once
     * @throws IllegalArgumentException if the network does not take images of a crop's size
     */
    public EvaluationResult evaluate(String path, Checkpoint checkpoint, int slots) throws IOException {
        return evaluate(path, checkpoint, slots, Details.NONE, (counted, predictions) -> { });
    }

    /**
     * The same, and keeps the result with its details in a run's directory, in place of earlier ones of the same step. The result is
     * written last: where it is, its details and its event for TensorBoard are.
     *
     * @param run the directory
     */
    public EvaluationResult evaluateInto(Path run, Details details, String path, Checkpoint checkpoint, int slots) throws IOException {
        FileSystem fileSystem = run.getFileSystem(spark.hadoopConfiguration());
        Path directory = EvaluationResult.details(run, checkpoint.info().position().step());
        List<Integer> sizes = plan.crops().stream().map(ResizeCentreCrop::size).toList();
        DetailTables tables = new DetailTables(spark, details, sizes, manifest.classes());
        EvaluationResult result = evaluate(path, checkpoint, slots, details,
            (counted, predictions) -> tables.write(fileSystem, directory, counted, predictions));
        EvaluationEvents.save(fileSystem, run, result);
        result.save(fileSystem, run);
        return result;
    }

    /** What becomes of an evaluation's details. */
    @FunctionalInterface
    private interface Sink {
        void accept(Confusions counted, JavaRDD<Prediction> predictions) throws IOException;
    }

    private EvaluationResult evaluate(String path, Checkpoint checkpoint, int slots, Details details, Sink sink) throws IOException {
        Weights weights = Weights.of(checkpoint, plan.weights());
        plan.crops().forEach(crop -> weights.checkSize(crop.size()));
        Broadcast<Weights> broadcast = spark.broadcast(weights);
        JavaRDD<Prediction> predictions = predictions(broadcast, slots);
        if (details == Details.PREDICTIONS) {
            // Computed once for the count and the table; what is lost with an executor is computed again.
            predictions.persist(StorageLevel.DISK_ONLY());
        }
        try {
            Confusions counted = predictions.aggregate(Confusions.none(plan.crops().size()), Confusions::plus, Confusions::plus);
            EvaluationResult result = EvaluationResult.of(path, checkpoint.info(), plan, results(path, counted));
            sink.accept(counted, predictions);
            return result;
        } finally {
            predictions.unpersist();
            broadcast.destroy();
        }
    }

    /** Not computed before they are asked for. The batches are the same whatever the number of tasks, and so is every bit of the answers. */
    private JavaRDD<Prediction> predictions(Broadcast<Weights> weights, int slots) {
        int batches = (images + plan.batchSize() - 1) / plan.batchSize();
        int tasks = Math.min(batches, slots * TASKS_PER_SLOT);
        List<Integer> numbers = IntStream.range(0, batches).boxed().toList();
        EvaluationPlan planOfTask = plan;
        return spark.parallelize(numbers, tasks).mapPartitions(own -> EvaluationTask.run(planOfTask, weights.value(), own));
    }

    private List<CropResult> results(String path, Confusions counted) throws IOException {
        List<CropResult> results = new ArrayList<>();
        for (int i = 0; i < plan.crops().size(); i++) {
            ResizeCentreCrop crop = plan.crops().get(i);
            Tally tally = counted.crops().get(i).tally();
            if (tally.images() != images) {
                throw new IOException("Cannot evaluate " + path + " at crop size " + crop.size() + ": " + tally.images()
                    + " images were counted (expected " + images + ")");
            }
            results.add(CropResult.of(crop, tally));
        }
        return results;
    }
}
