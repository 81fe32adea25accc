/**
 * What Spark gives a task to compute on, handed to the kernels: the same for training, evaluation and analysis.
 *
 * <p>Knows Spark and {@link sknet.kernel}, and nothing of what is computed.
 */
package sknet.task;
