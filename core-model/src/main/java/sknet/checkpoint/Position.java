package sknet.checkpoint;

/**
 * Where a run stands: the state before the next step.
 *
 * @param epoch  epochs completed
 * @param sample samples of the running epoch's order that are consumed
 * @param step   optimiser steps taken since the run began; the iteration that learning-rate schedules see
 */
public record Position(int epoch, int sample, long step) {

    /** The beginning of a run. */
    public static final Position START = new Position(0, 0, 0);

    /** After one more step of {@code batchSize} samples; a new epoch begins when fewer than that remain of {@code samples}. */
    public Position next(int batchSize, int samples) {
        int consumed = sample + batchSize;
        return samples - consumed < batchSize ? new Position(epoch + 1, 0, step + 1) : new Position(epoch, consumed, step + 1);
    }
}
