/**
 * Event files for TensorBoard: TensorFlow's record framing, its events of scalars and histograms, and where a run has them. What they tell
 * is up to those who write them.
 */
package sknet.tensorboard;
