/**
 * How a training's runs are, by the files in their directories alone: no cluster is asked. Whole checkpoints are not read, only what they say of
 * themselves. What to do about it is said in {@code sknet.cli}.
 */
package sknet.status;
