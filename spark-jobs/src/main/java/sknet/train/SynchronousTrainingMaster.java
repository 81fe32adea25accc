package sknet.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.deeplearning4j.core.storage.StatsStorageRouter;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.api.TrainingResult;
import org.deeplearning4j.spark.api.TrainingWorker;
import org.deeplearning4j.spark.api.stats.SparkTrainingStats;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import sknet.checkpoint.Checkpoint;

/**
 * Exact synchronous SGD as a training master for DL4J's {@link SparkComputationGraph}: {@link #fit} trains the graph's
 * network on a prepared data set by a Spark barrier stage and leaves the result in the network.
 *
 * <p>Departure from DL4J's masters: the data do not come as an RDD. Each executor reads its part of the epoch's order from
 * the shards, because the order of an RDD's elements depends on the number of executors, and the result must not.
 */
public final class SynchronousTrainingMaster implements TrainingMaster<TrainingResult, TrainingWorker<TrainingResult>> {

    private final TrainingPlan plan;
    private final int executors;
    private final RunPolicy policy;
    private final TrainingObserver observer;

    /**
     * @param executors tasks of the barrier stage, each with a replica; divides the plan's micro-batches
     */
    public SynchronousTrainingMaster(TrainingPlan plan, int executors, RunPolicy policy, TrainingObserver observer) {
        if (executors < 1 || plan.microBatches() % executors != 0) {
            throw new IllegalArgumentException("Cannot share " + plan.microBatches() + " micro-batches among " + executors
                + " executors (expected batch.micro-batches to be a multiple of train.executors)");
        }
        this.plan = plan;
        this.executors = executors;
        this.policy = policy;
        this.observer = observer;
    }

    /** Trains {@code network} to the end of the plan, from the newest checkpoint in the plan's directory if there is one. */
    public static ComputationGraph fit(JavaSparkContext spark, ComputationGraph network, SynchronousTrainingMaster master) {
        SparkComputationGraph graph = new SparkComputationGraph(spark, network, master);
        return graph.fitPaths(spark.parallelize(List.of(master.plan.dataset()), 1));
    }

    @Override
    public void executeTrainingPaths(SparkDl4jMultiLayer network, SparkComputationGraph graph, JavaRDD<String> paths,
                                     DataSetLoader loader, MultiDataSetLoader multiLoader) {
        List<String> datasets = paths.collect();
        if (graph == null || !datasets.equals(List.of(plan.dataset()))) {
            throw new IllegalArgumentException("Cannot train on " + datasets + " (expected a ComputationGraph and the plan's data set "
                + plan.dataset() + ")");
        }
        try {
            TrainingRun run = new TrainingRun(graph.getSparkContext(), plan, executors, policy, observer);
            Checkpoint last = run.finish(graph.getNetwork());
            graph.getNetwork().params().assign(last.parameters());
            graph.getNetwork().getUpdater().setStateViewArray(last.updaterState());
        } catch (IOException e) {
            throw new UncheckedIOException(e.getMessage(), e);
        }
    }

    @Override
    public void executeTraining(SparkDl4jMultiLayer network, JavaRDD<DataSet> data) {
        throw notAnRdd();
    }

    @Override
    public void executeTraining(SparkComputationGraph graph, JavaRDD<DataSet> data) {
        throw notAnRdd();
    }

    @Override
    public void executeTrainingMDS(SparkComputationGraph graph, JavaRDD<MultiDataSet> data) {
        throw notAnRdd();
    }

    private static IllegalArgumentException notAnRdd() {
        return new IllegalArgumentException(
            "Cannot train on an RDD of data sets: its order depends on the executors (expected fitPaths with a prepared data set)");
    }

    @Override
    public TrainingWorker<TrainingResult> getWorkerInstance(SparkDl4jMultiLayer network) {
        throw noWorkers();
    }

    @Override
    public TrainingWorker<TrainingResult> getWorkerInstance(SparkComputationGraph graph) {
        throw noWorkers();
    }

    private static IllegalStateException noWorkers() {
        return new IllegalStateException("This master has no DL4J workers: its replicas are tasks of a barrier stage");
    }

    @Override
    public String toJson() {
        return Rendezvous.write(plan);
    }

    @Override
    public String toYaml() {
        // JSON is YAML.
        return toJson();
    }

    // DL4J's hooks, listeners and statistics see a network on the driver; these replicas live in the executors, and are
    // seen through the TrainingObserver.

    @Override
    public void addHook(TrainingHook hook) {
        throw noWorkers();
    }

    @Override
    public void removeHook(TrainingHook hook) {
        throw noWorkers();
    }

    @Override
    public void setListeners(Collection<TrainingListener> listeners) {
        requireNone(listeners);
    }

    @Override
    public void setListeners(StatsStorageRouter router, Collection<TrainingListener> listeners) {
        requireNone(listeners);
    }

    private static void requireNone(Collection<TrainingListener> listeners) {
        if (listeners != null && !listeners.isEmpty()) {
            throw noWorkers();
        }
    }

    @Override
    public void setCollectTrainingStats(boolean collect) {
        if (collect) {
            throw noWorkers();
        }
    }

    @Override
    public boolean getIsCollectTrainingStats() {
        return false;
    }

    @Override
    public SparkTrainingStats getTrainingStats() {
        return null;
    }

    @Override
    public boolean deleteTempFiles(JavaSparkContext spark) {
        return true;
    }

    @Override
    public boolean deleteTempFiles(SparkContext spark) {
        return true;
    }
}
