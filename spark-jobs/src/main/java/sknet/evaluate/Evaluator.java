package sknet.evaluate;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import sknet.checkpoint.Checkpoint;
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
     * @throws IOException if an image was not counted exactly once
     */
    public EvaluationResult evaluate(String path, Checkpoint checkpoint, int slots) throws IOException {
        Broadcast<Weights> weights = spark.broadcast(Weights.of(checkpoint, plan.weights()));
        try {
            // The batches are the same whatever the number of tasks, and so is every bit of their scores.
            int batches = (images + plan.batchSize() - 1) / plan.batchSize();
            int tasks = Math.min(batches, slots * TASKS_PER_SLOT);
            List<Integer> numbers = IntStream.range(0, batches).boxed().toList();
            EvaluationPlan planOfTask = plan;
            Tally tally = spark.parallelize(numbers, tasks)
                .mapPartitions(own -> List.of(EvaluationTask.run(planOfTask, weights.value(), own)).iterator())
                .fold(Tally.NONE, Tally::plus);
            if (tally.images() != images) {
                throw new IOException("Cannot evaluate " + path + ": " + tally.images() + " images were counted (expected " + images + ")");
            }
            return EvaluationResult.of(path, checkpoint.info(), plan, tally);
        } finally {
            weights.destroy();
        }
    }
}
