/**
 * Weights of other programs: the reader of safetensors files, the tables of names that say which of their tensors is which parameter of
 * ours, and the way from another program's normalisation of images to ours. The tables are resources of this package, {@code *.names}.
 *
 * <p>Knows Hadoop's file system and a built network's table of parameters. Knows no model, no data set, and nothing of Spark.
 */
package sknet.interchange;
