package sknet.train;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.nn.graph.ComputationGraph;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.Position;
import sknet.data.shard.DatasetManifest;
import sknet.train.TrainingObserver.Resumed;

/**
 * One run on the driver: from its newest checkpoint, or a first one of the network given, to the end. A barrier result stage
 * is not retried by Spark; here it is started again from the newest checkpoint, which gives the same parameters in the end.
 */
public final class TrainingRun {

    /** The directory of the checkpoints within a run's. */
    public static final String CHECKPOINTS = "checkpoints";

    private final JavaSparkContext spark;
    private final TrainingPlan plan;
    private final int executors;
    private final int maxRestarts;
    private final TrainingObserver observer;
    private final FileSystem fileSystem;
    private final CheckpointStore store;
    private final History history;

    TrainingRun(JavaSparkContext spark, TrainingPlan plan, int executors, int maxRestarts, TrainingObserver observer)
        throws IOException {
        this.spark = spark;
        this.plan = plan;
        this.executors = executors;
        this.maxRestarts = maxRestarts;
        this.observer = observer;
        Path directory = new Path(plan.directory());
        this.fileSystem = directory.getFileSystem(spark.hadoopConfiguration());
        this.store = new CheckpointStore(fileSystem, new Path(directory, CHECKPOINTS));
        this.history = new History(fileSystem, directory);
    }

    /** Trains to the end of the plan and returns the last checkpoint. */
    Checkpoint finish(ComputationGraph initial) throws IOException {
        int samples = trainingSamples();
        long totalSteps = (long) plan.epochs() * plan.stepsPerEpoch(samples);
        for (int restart = 0;; restart++) {
            Checkpoint start = startingPoint(initial);
            Position position = start.info().position();
            if (position.epoch() >= plan.epochs()) {
                return start;
            }
            history.truncate(position.step());
            observer.started(position.step(), totalSteps, position.step() > 0 ? Resumed.FROM_CHECKPOINT : Resumed.NEW_RUN);
            try {
                runStage(store.path(position));
            } catch (SparkException e) {
                if (restart == maxRestarts) {
                    throw new IOException("Cannot finish the run in " + plan.directory() + " after " + restart + " restarts: "
                        + reason(e), e);
                }
                observer.restarting(restart + 1, e);
            }
        }
    }

    private int trainingSamples() throws IOException {
        Path dataset = new Path(plan.dataset());
        DatasetManifest manifest = DatasetManifest.read(dataset.getFileSystem(spark.hadoopConfiguration()), dataset);
        int samples = manifest.split(DatasetManifest.TRAIN).records();
        if (samples < plan.batchSize()) {
            throw new IllegalArgumentException("Cannot train on " + plan.dataset() + ": it has " + samples
                + " training images (expected at least one batch of " + plan.batchSize() + ")");
        }
        return samples;
    }

    private Checkpoint startingPoint(ComputationGraph initial) throws IOException {
        Optional<Checkpoint> newest = store.newest();
        if (newest.isEmpty()) {
            Path path = store.write(initial, Position.START, plan.provenance());
            return CheckpointStore.read(fileSystem, path);
        }
        ResumeCheck.sameResult(plan, newest.get().info().provenance());
        return newest.get();
    }

    private void runStage(Path checkpoint) throws SparkException, IOException {
        // Any number that no other attempt has; it keeps their messages apart.
        long attempt = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
        ProgressCollector progress = new ProgressCollector(executors, history, observer);
        try (Rendezvous rendezvous = new Rendezvous(attempt, executors, progress::accept)) {
            Gang.run(spark, executors, new ReplicaTask(plan, checkpoint.toString(), attempt, executors));
        }
    }

    /** The first line of what happened in an executor, without Spark's frame around it. */
    private static String reason(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.lines().findFirst().orElse(message);
    }
}
