package sknet.train;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.stream.IntStream;
import sknet.checkpoint.Position;
import sknet.data.image.BatchRequest;
import sknet.data.order.EpochOrder;
import sknet.data.order.WholeOrder;
import sknet.data.order.WindowedOrder;
import sknet.data.order.Windows;

/**
 * The micro-batches of one rank, from a position to the end of the run. Step s of an epoch consists of the next batch of the
 * epoch's order, cut into micro-batches; rank r of N takes the r-th N-th of these, so that the ranks' micro-batches in rank
 * order are those of a single worker.
 */
final class MicroBatchSchedule implements Iterator<BatchRequest> {

    private final TrainingPlan plan;
    private final int[] shardRecords;
    private final int samples;
    private final int rank;
    private final int ownMicroBatches;
    private Position position;
    private int microBatch;
    private EpochOrder order;
    private int orderedEpoch = -1;

    /** @param shardRecords number of records of each shard of the training split */
    MicroBatchSchedule(TrainingPlan plan, int[] shardRecords, Position start, int rank, int ranks) {
        this.plan = plan;
        this.shardRecords = shardRecords;
        this.samples = IntStream.of(shardRecords).sum();
        this.rank = rank;
        this.ownMicroBatches = plan.microBatches() / ranks;
        this.position = start;
    }

    @Override
    public boolean hasNext() {
        return position.epoch() < plan.epochs();
    }

    @Override
    public BatchRequest next() {
        if (!hasNext()) {
            throw new NoSuchElementException("Cannot go on: the run ends at " + position);
        }
        if (orderedEpoch != position.epoch()) {
            orderedEpoch = position.epoch();
            order = order(orderedEpoch);
        }
        int first = position.sample() + (rank * ownMicroBatches + microBatch) * plan.microBatchSize();
        int[] ordinals = new int[plan.microBatchSize()];
        for (int i = 0; i < ordinals.length; i++) {
            ordinals[i] = order.at(first + i);
        }
        BatchRequest request = new BatchRequest(position.epoch(), order.windowAt(first), ordinals);
        microBatch++;
        if (microBatch == ownMicroBatches) {
            microBatch = 0;
            position = position.next(plan.batchSize(), samples);
        }
        return request;
    }

    private EpochOrder order(int epoch) {
        int window = plan.reading().shuffleWindow();
        return window == 0 ? new WholeOrder(plan.seed(), epoch, samples)
            : new WindowedOrder(plan.seed(), epoch, shardRecords, Windows.of(plan.microBatches(), plan.microBatchSize(), window));
    }
}
