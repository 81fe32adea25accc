/**
 * Checkpoints: parameters, updater state, position and provenance of a run in one file that DL4J opens too, written so that
 * a file under its final name is whole.
 *
 * <p>Knows Hadoop's file system and DL4J. Knows nothing of Spark, or of how the state came to be.
 */
package sknet.checkpoint;
