/**
 * Networks of other programs, and for them. Weights come in: the reader of safetensors files, the tables of names that say which of their
 * tensors is which parameter of ours, and the way from another program's normalisation of images to ours. The tables are resources of this
 * package, {@code *.names}. Whole networks go out in ONNX, as they are in evaluation: a translation for each kind of layer and vertex.
 *
 * <p>Knows Hadoop's file system, layers, and a built network with its parameters. Knows no model, no data set, and nothing of Spark.
 */
package sknet.interchange;
