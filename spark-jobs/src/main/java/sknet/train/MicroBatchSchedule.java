package sknet.train;

import java.util.Iterator;
import java.util.NoSuchElementException;
import sknet.checkpoint.Position;
import sknet.data.image.BatchRequest;
import sknet.data.order.EpochOrder;

/**
 * The micro-batches of one rank, from a position to the end of the run. Step s of an epoch consists of the next batch of the
 * epoch's order, cut into micro-batches; rank r of N takes the r-th N-th of these, so that the ranks' micro-batches in rank
 * order are those of a single worker.
 */
final class MicroBatchSchedule implements Iterator<BatchRequest> {

    private final TrainingPlan plan;
    private final int samples;
    private final int rank;
    private final int ownMicroBatches;
    private Position position;
    private int microBatch;

    MicroBatchSchedule(TrainingPlan plan, int samples, Position start, int rank, int ranks) {
        this.plan = plan;
        this.samples = samples;
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
        EpochOrder order = new EpochOrder(plan.seed(), position.epoch(), samples);
        int first = position.sample() + (rank * ownMicroBatches + microBatch) * plan.microBatchSize();
        int[] ordinals = new int[plan.microBatchSize()];
        for (int i = 0; i < ordinals.length; i++) {
            ordinals[i] = order.at(first + i);
        }
        BatchRequest request = new BatchRequest(position.epoch(), ordinals);
        microBatch++;
        if (microBatch == ownMicroBatches) {
            microBatch = 0;
            position = position.next(plan.batchSize(), samples);
        }
        return request;
    }
}
