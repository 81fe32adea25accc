package sknet.analyze;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import sknet.checkpoint.Checkpoint;
import sknet.data.shard.DatasetManifest;
import sknet.evaluate.Weights;

/** The analysis on the driver. */
public final class AttentionJob {

    /** More tasks than slots, so that a slow or lost executor costs little. */
    private static final int TASKS_PER_SLOT = 2;

    private final JavaSparkContext spark;
    private final AttentionPlan plan;
    private final DatasetManifest manifest;

    /** @throws IllegalArgumentException if the data set has fewer images than the plan asks for */
    public AttentionJob(JavaSparkContext spark, AttentionPlan plan, DatasetManifest manifest) {
        this.spark = spark;
        this.plan = plan;
        this.manifest = manifest;
        int records = manifest.split(DatasetManifest.VAL).records();
        if (plan.images() > records) {
            throw new IllegalArgumentException("Cannot analyze " + plan.images() + " images: " + plan.dataset() + " has " + records
                + " for validation (expected no more)");
        }
    }

    /**
     * Runs the images through the network at every scale. Each task adds up its own batches; sums are added up in any order, which does not change them.
     *
     * @param slots tasks that run at once
     * @throws IOException if an image was not counted exactly once
     */
    public AttentionResult run(Checkpoint checkpoint, int slots) throws IOException {
        Broadcast<Weights> weights = spark.broadcast(Weights.of(checkpoint, plan.weights()));
        try {
            AttentionPlan planOfTask = plan;
            List<int[]> batches = batches();
            AttentionSums all = spark.parallelize(batches, Math.min(batches.size(), slots * TASKS_PER_SLOT))
                .mapPartitions(own -> List.of(AttentionTask.sums(planOfTask, weights.value(), own)).iterator())
                .treeReduce(AttentionSums::plus);
            if (all.images() != plan.images()) {
                throw new IOException("Cannot analyze attention: " + all.images() + " images were counted (expected " + plan.images() + ")");
            }
            List<Integer> ordinals = IntStream.range(0, plan.examples()).boxed().toList();
            List<Example> examples = spark.parallelize(ordinals, Math.max(1, ordinals.size()))
                .map(ordinal -> AttentionTask.example(planOfTask, weights.value(), ordinal)).collect();
            return new AttentionResult(plan, manifest.classes(), all, examples);
        } finally {
            weights.destroy();
        }
    }

    private List<int[]> batches() {
        return IntStream.iterate(0, first -> first < plan.images(), first -> first + plan.batchSize())
            .mapToObj(first -> IntStream.range(first, Math.min(first + plan.batchSize(), plan.images())).toArray()).toList();
    }
}
