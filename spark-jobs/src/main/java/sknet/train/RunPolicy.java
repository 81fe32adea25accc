package sknet.train;

import sknet.checkpoint.Retention;

/**
 * What the driver does about failures and old checkpoints; of no influence on a run's result.
 *
 * @param maxRestarts how many restarts in a row may bring no new checkpoint
 * @param retention   which checkpoints stay
 * @param best        the checkpoint that stays besides
 */
public record RunPolicy(int maxRestarts, Retention retention, BestCheckpoint best) {
}
