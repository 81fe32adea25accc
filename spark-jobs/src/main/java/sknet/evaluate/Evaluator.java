package sknet.evaluate;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import sknet.checkpoint.Checkpoint;
import sknet.data.image.ResizeCentreCrop;
import sknet.data.shard.DatasetManifest;

/** The evaluation job on the driver. */
public final class Evaluator {

    /** More tasks than slots, so that a slow or lost executor costs little. */
    private static final int TASKS_PER_SLOT = 2;

    private final JavaSparkContext spark;
    private final EvaluationPlan plan;
    private final int images;

    public Evaluator(JavaSparkContext spark, EvaluationPlan plan) throws IOException {
        this.spark = spark;
        this.plan = plan;
        Path dataset = new Path(plan.dataset());
        this.images = DatasetManifest.read(dataset.getFileSystem(spark.hadoopConfiguration()), dataset)
            .split(DatasetManifest.VAL).records();
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
        Weights weights = Weights.of(checkpoint, plan.weights());
        plan.crops().forEach(crop -> weights.checkSize(crop.size()));
        Broadcast<Weights> broadcast = spark.broadcast(weights);
        try {
            Confusions counted = count(predictions(broadcast, slots));
            return EvaluationResult.of(path, checkpoint.info(), plan, results(path, counted));
        } finally {
            broadcast.destroy();
        }
    }

    /** Not computed before it is asked for. The batches are the same whatever the number of tasks, and so is every bit of their answers. */
    private JavaRDD<Prediction> predictions(Broadcast<Weights> weights, int slots) {
        int batches = (images + plan.batchSize() - 1) / plan.batchSize();
        int tasks = Math.min(batches, slots * TASKS_PER_SLOT);
        List<Integer> numbers = IntStream.range(0, batches).boxed().toList();
        EvaluationPlan planOfTask = plan;
        return spark.parallelize(numbers, tasks).mapPartitions(own -> EvaluationTask.run(planOfTask, weights.value(), own));
    }

    private Confusions count(JavaRDD<Prediction> predictions) {
        return predictions.aggregate(Confusions.none(plan.crops().size()), Confusions::plus, Confusions::plus);
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
