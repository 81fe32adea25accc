/**
 * The kernels on oneDNN, for float on the CPU: primitives that work on ND4J's memory in place, made once for a shape. The engine is oneDNN's;
 * it picks its code for the processor at run time. Selection, double and other backends are the portable kernels' affair.
 *
 * <p>Activations stay plain NCHW at the seam. oneDNN is fast on plain maps for pointwise convolutions only (a matrix product); all else is
 * copied to its channel-blocked layouts and back, which costs less than it wins even on maps of 7x7.
 */
package sknet.kernel.onednn;
