package sknet.train;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.metrics.MetricsSystem;
import org.deeplearning4j.nn.graph.ComputationGraph;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.Position;
import sknet.checkpoint.StoragePatience;
import sknet.data.shard.DatasetManifest;
import sknet.tensorboard.EventFiles;
import sknet.train.RunEvent.Kind;
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
    private final RunPolicy policy;
    private final TrainingMetrics metrics = new TrainingMetrics();
    private final SignsOfLife signs;
    private final TrainingObserver observer;
    private final StoragePatience patience;
    private final CheckpointStore store;
    private final OldCheckpoints oldCheckpoints;
    private final History history;
    private final EventFiles eventFiles;
    private final RunEvents events;

    TrainingRun(JavaSparkContext spark, TrainingPlan plan, int executors, RunPolicy policy, TrainingObserver observer)
        throws IOException {
        this.spark = spark;
        this.plan = plan;
        this.executors = executors;
        this.policy = policy;
        this.patience = new StoragePatience(plan.storageTimeout());
        Path directory = new Path(plan.directory());
        FileSystem fileSystem = directory.getFileSystem(spark.hadoopConfiguration());
        this.signs = new SignsOfLife(fileSystem, directory, plan.epochs());
        this.observer = new TrainingObservers(List.of(metrics, signs, observer));
        Path checkpoints = new Path(directory, CHECKPOINTS);
        this.store = new CheckpointStore(fileSystem, checkpoints, patience);
        // Deletes on a thread of Spark's RPC, where nobody may wait.
        this.oldCheckpoints = new OldCheckpoints(new CheckpointStore(fileSystem, checkpoints), policy);
        this.history = new History(fileSystem, directory);
        this.eventFiles = new EventFiles(fileSystem, directory);
        this.events = new RunEvents(fileSystem, directory);
    }

    /** Trains to the end of the plan, or until it is told to stop, and returns the last checkpoint; meanwhile the driver's metrics tell how it goes. */
    Checkpoint finish(ComputationGraph initial) throws IOException {
        MetricsSystem metricsSystem = spark.sc().env().metricsSystem();
        metricsSystem.registerSource(metrics);
        try {
            return train(initial);
        } finally {
            metricsSystem.removeSource(metrics);
        }
    }

    private Checkpoint train(ComputationGraph initial) throws IOException {
        int samples = patience.insist("read data set " + plan.dataset(), this::trainingSamples);
        long totalSteps = (long) plan.epochs() * plan.stepsPerEpoch(samples);
        Checkpoint start = startingPoint(initial);
        if (isFinished(start)) {
            return start;
        }
        events.add(step(start) > 0 ? Kind.RESUMED : Kind.STARTED, step(start), 0, "");
        try (signs) {
            Checkpoint last = attempts(initial, start, totalSteps);
            events.add(isFinished(last) ? Kind.FINISHED : Kind.STOPPED, step(last), 0, "");
            return last;
        } catch (IOException | RuntimeException e) {
            events.add(Kind.FAILED, Math.max(step(start), signs.step()), 0, StoragePatience.reason(e));
            throw e;
        }
    }

    private Checkpoint attempts(ComputationGraph initial, Checkpoint first, long totalSteps) throws IOException {
        Checkpoint start = first;
        CorruptRecords corrupt = new CorruptRecords(events, observer);
        int restarts = 0;
        int fruitless = 0;
        while (!isFinished(start) && !policy.stop().isTold()) {
            Checkpoint from = start;
            ProgressCollector progress = new ProgressCollector(plan.directory(), executors, new LearningCurve(history, eventFiles), observer,
                corrupt, oldCheckpoints::written);
            try {
                attempt(from, totalSteps, progress);
                start = startingPoint(initial);
            } catch (SparkException e) {
                start = startAfter(e, initial);
                if (isFinished(start) || policy.stop().isTold()) {
                    break;
                }
                // A run of days may lose any number of executors, as long as it goes on.
                fruitless = step(start) > step(from) ? 0 : fruitless + 1;
                if (fruitless > policy.maxRestarts()) {
                    throw new IOException("Cannot finish the run in " + plan.directory() + ": no new checkpoint since step " + step(start)
                        + " in " + fruitless + " attempts: " + StageFailure.reason(e), e);
                }
                restarts++;
                observer.restarting(restarts, e);
                events.add(Kind.RESTARTED, step(start), Math.max(0, progress.lastStep() - step(start)), StageFailure.reason(e));
            }
        }
        return start;
    }

    private String from(Position position, long totalSteps) {
        return String.format(Locale.ROOT, "from epoch %,d of %,d, step %,d of %,d", position.epoch() + 1, plan.epochs(), position.step(), totalSteps);
    }

    private static long step(Checkpoint checkpoint) {
        return checkpoint.info().position().step();
    }

    private boolean isFinished(Checkpoint checkpoint) {
        return checkpoint.info().position().epoch() >= plan.epochs();
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
        Optional<Checkpoint> newest = store.newest(this::passOver);
        if (newest.isEmpty()) {
            return store.read(store.write(initial, Position.START, plan.provenance()));
        }
        ResumeCheck.sameResult(plan, newest.get().info().provenance());
        return newest.get();
    }

    private void passOver(Path checkpoint, String message) {
        oldCheckpoints.damaged(CheckpointStore.step(checkpoint));
        observer.passedOver(message);
        events.add(Kind.DAMAGED, CheckpointStore.step(checkpoint), 0, message);
    }

    private Checkpoint startAfter(SparkException failure, ComputationGraph initial) throws IOException {
        if (spark.sc().isStopped()) {
            throw new IOException("Cannot finish the run in " + plan.directory() + ": Spark has stopped: " + StageFailure.reason(failure),
                failure);
        }
        try {
            return startingPoint(initial);
        } catch (IOException e) {
            e.addSuppressed(failure);
            throw e;
        }
    }

    private void attempt(Checkpoint start, long totalSteps, ProgressCollector progress) throws SparkException, IOException {
        Position position = start.info().position();
        store.removeLeftovers();
        patience.insist("shorten the learning curve in " + plan.directory(), () -> {
            history.truncate(position.step());
            eventFiles.truncate(position.step());
            return position;
        });
        observer.started(position.step(), totalSteps, position.step() > 0 ? Resumed.FROM_CHECKPOINT : Resumed.NEW_RUN);
        // Any number that no other attempt has; it keeps their messages apart.
        long number = ThreadLocalRandom.current().nextLong(Long.MAX_VALUE);
        try (Rendezvous rendezvous = new Rendezvous(number, executors, progress);
             JobLabel label = JobLabel.within(spark, from(position, totalSteps))) {
            policy.stop().whenTold(rendezvous::tellToStop);
            try {
                Gang.run(spark, executors, new ReplicaTask(plan, store.path(position).toString(), number, executors));
            } catch (SparkException e) {
                IOException end = rendezvous.end().orElseThrow(() -> e);
                end.addSuppressed(e);
                throw end;
            }
        }
    }
}
