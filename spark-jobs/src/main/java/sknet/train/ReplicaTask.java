package sknet.train;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.executor.InputMetrics;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.slf4j.MDC.MDCCloseable;
import sknet.checkpoint.Checkpoint;
import sknet.checkpoint.CheckpointStore;
import sknet.checkpoint.ParameterHash;
import sknet.checkpoint.Position;
import sknet.checkpoint.StorageException;
import sknet.checkpoint.StoragePatience;
import sknet.data.image.Batch;
import sknet.data.image.CorruptImageException;
import sknet.data.image.CorruptRecord;
import sknet.data.shard.CorruptShardException;
import sknet.data.shard.DatasetManifest;
import sknet.optimize.MovingAverage;
import sknet.sync.DirectAllReduce;
import sknet.task.TaskProcessor;
import sknet.transport.PeerServer;

/**
 * What each task of the barrier stage runs: a replica, from a checkpoint to the end of the run. What it leaves are the
 * checkpoints.
 */
final class ReplicaTask implements Gang.Member {

    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaTask.class);

    private final TrainingPlan plan;
    private final String checkpointPath;
    private final long attempt;
    private final int ranks;

    ReplicaTask(TrainingPlan plan, String checkpointPath, long attempt, int ranks) {
        this.plan = plan;
        this.checkpointPath = checkpointPath;
        this.attempt = attempt;
        this.ranks = ranks;
    }

    @Override
    public String run(BarrierTaskContext task) throws IOException, InterruptedException {
        int rank = task.partitionId();
        // Whatever this thread logs, it logs of them.
        try (MDCCloseable run = MDC.putCloseable("run", plan.directory()); MDCCloseable ofRank = MDC.putCloseable("rank", Integer.toString(rank))) {
            return run(task, rank);
        } finally {
            MDC.remove("epoch");
            MDC.remove("step");
        }
    }

    private String run(BarrierTaskContext task, int rank) throws IOException, InterruptedException {
        // An executor's own configuration does not have what the application's settings, spark.hadoop.*, say.
        Configuration hadoop = SparkHadoopUtil.get().newConfiguration(SparkEnv.get().conf());
        Path path = new Path(checkpointPath);
        FileSystem fileSystem = path.getFileSystem(hadoop);
        CheckpointStore store = new CheckpointStore(fileSystem, path.getParent(), new StoragePatience(plan.storageTimeout()));
        Checkpoint checkpoint = store.read(path);
        ComputationGraph network = checkpoint.network();
        network.initGradientsView();

        Path dataset = new Path(plan.dataset());
        DatasetManifest manifest = DatasetManifest.read(dataset.getFileSystem(hadoop), dataset);
        DirectAllReduce allReduce = new DirectAllReduce(rank, ranks, network.getFlattenedGradients(), plan.wire(), plan.syncTimeout(),
            !PeerServer.encrypts());
        RendezvousClient driver = new RendezvousClient(attempt, rank, plan.syncTimeout());
        driver.tellPlace(new Place(SparkEnv.get().blockManager().blockManagerId().host(), TaskProcessor.of(task).gpu().orElse("")));
        Replica replica = new Replica(network, allReduce, plan.stepShape(manifest.classes().size()), plan.stepOptions(), average(checkpoint, rank));
        Position start = checkpoint.info().position();
        try (PeerServer server = new PeerServer(attempt, allReduce, task.cpus());
             TrainingFeed feed = TrainingFeed.open(hadoop, plan, manifest, start, rank, ranks, task.cpus())) {
            allReduce.connect(server.connect(driver.allGather("address", server.address())));
            LOG.info("replica {} of {} starts at step {}", rank + 1, ranks, start.step());
            new Loop(replica, feed, driver, store, rank, task.taskMetrics().inputMetrics()).run(start);
            LOG.info("replica {} of {} has ended", rank + 1, ranks);
            // The endpoint takes its messages in their order: when all have met here, it has taken all reports.
            driver.allGather("end", "");
        }
        return "";
    }

    /** Rank 0 keeps it, since it writes the checkpoints. Before the first step the average is the parameters. */
    private Optional<MovingAverage> average(Checkpoint checkpoint, int rank) {
        return rank == 0 && plan.stepOptions().averages()
            ? Optional.of(new MovingAverage(checkpoint.weights(checkpoint.preferredWeights()), plan.stepOptions().averageDecay()))
            : Optional.empty();
    }

    /** The steps of one replica, with its reports and checkpoints. */
    private final class Loop {

        private final Replica replica;
        private final TrainingFeed feed;
        private final RendezvousClient driver;
        private final CheckpointStore store;
        private final int rank;
        private final InputMetrics seen;
        private final BooleanSupplier stopWish;
        private final List<String> corrupt = new ArrayList<>();
        private long reportedNanos = System.nanoTime();
        private long reportedStep;
        private Duration reportedWait = Duration.ZERO;
        private long checkpointNanos = System.nanoTime();

        /** @param seen shows Spark's web interface how many images the running task has trained on */
        Loop(Replica replica, TrainingFeed feed, RendezvousClient driver, CheckpointStore store, int rank, InputMetrics seen) {
            this.replica = replica;
            this.feed = feed;
            this.driver = driver;
            this.store = store;
            this.rank = rank;
            this.seen = seen;
            this.stopWish = rank == 0 ? driver.stopWish() : () -> false;
        }

        void run(Position start) throws IOException, InterruptedException {
            reportedStep = start.step();
            for (Position position = start; position.epoch() < plan.epochs();) {
                MDC.put("epoch", Integer.toString(position.epoch()));
                MDC.put("step", Long.toString(position.step()));
                Decision decision = Decision.of(replica.step(position, this::nextBatch, () -> decision().word()));
                Position next = position.next(plan.batchSize(), feed.samples());
                if (decision != Decision.GO_ON || isCheckpointDue(next)) {
                    report(position, next, checkpoint(next));
                } else if (next.step() - reportedStep >= plan.reportEverySteps()) {
                    report(position, next, "");
                }
                if (decision == Decision.STOP) {
                    return;
                }
                position = next;
            }
        }

        private Batch nextBatch() throws IOException, InterruptedException {
            Batch batch;
            try {
                batch = feed.next();
            } catch (CorruptShardException | CorruptImageException e) {
                // Another attempt would come to the same record; and of all ranks' errors this is the one to be told.
                driver.endRun(e.getMessage() + "; data.on-corrupt=skip puts another record in its place");
                throw e;
            }
            batch.corrupt().stream().map(CorruptRecord::finding).forEach(corrupt::add);
            return batch;
        }

        /** Of this rank; rank 0's counts. */
        private Decision decision() {
            if (stopWish.getAsBoolean()) {
                return Decision.STOP;
            }
            Duration since = Duration.ofNanos(System.nanoTime() - checkpointNanos);
            boolean due = !plan.checkpointInterval().isZero() && since.compareTo(plan.checkpointInterval()) >= 0;
            return due ? Decision.CHECKPOINT : Decision.GO_ON;
        }

        private boolean isCheckpointDue(Position position) {
            boolean epochEnds = position.sample() == 0;
            return epochEnds || plan.checkpointEverySteps() > 0 && position.step() % plan.checkpointEverySteps() == 0;
        }

        /** Rank 0 writes, once all replicas have shown the same parameters. */
        private String checkpoint(Position position) throws IOException {
            driver.compareParameters(position.step(), ParameterHash.of(replica.parameters()));
            checkpointNanos = System.nanoTime();
            try {
                return rank == 0 ? store.write(replica.network(), replica.averages(), position, plan.provenance()).toString() : "";
            } catch (StorageException e) {
                driver.endRun(e.getMessage());
                throw e;
            }
        }

        /** @param checkpoint the one that this rank has just written, or empty */
        private void report(Position done, Position next, String checkpoint) {
            long now = System.nanoTime();
            int steps = (int) (next.step() - reportedStep);
            int images = steps * plan.batchSize() / ranks;
            seen.incRecordsRead(images);
            Duration wait = feed.waited();
            driver.report(new ReplicaProgress(rank, done.epoch(), next.step(), steps, images, replica.drainLossSum(), learningRate(done),
                (now - reportedNanos) / 1e9, wait.minus(reportedWait).toNanos() / 1e9, replica.drainSyncSeconds(), List.copyOf(corrupt), checkpoint,
                checkpoint.isEmpty() ? List.of() : AttentionHistogram.of(replica.network())));
            corrupt.clear();
            reportedNanos = now;
            reportedStep = next.step();
            reportedWait = wait;
        }

        private double learningRate(Position position) {
            for (Layer layer : replica.network().getLayers()) {
                if (layer.conf().getLayer() instanceof BaseLayer trained && trained.getIUpdater().hasLearningRate()) {
                    return trained.getIUpdater().getLearningRate((int) position.step(), position.epoch());
                }
            }
            return Double.NaN;
        }
    }
}
