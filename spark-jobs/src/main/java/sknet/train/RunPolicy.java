package sknet.train;

import sknet.checkpoint.Retention;

/**
 * What the driver does about failures, old checkpoints and a wish to stop; of no influence on a run's result.
 *
 * @param maxRestarts how many restarts in a row may bring no new checkpoint
 * @param retention   which checkpoints stay
 * @param best        the checkpoint that stays besides
 * @param stop        ends the run at the next step, with a checkpoint
 */
public record RunPolicy(int maxRestarts, Retention retention, BestCheckpoint best, StopWish stop) {
}
