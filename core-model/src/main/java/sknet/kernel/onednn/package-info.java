/**
 * Convolutions and max pooling on oneDNN, in float32 and bfloat16 on the CPU, and the choice of the CPU's kernels: primitives that work on ND4J's
 * memory in place, made once for a shape. The engine is oneDNN's; it picks its code for the processor at run time. float64 and other backends are the
 * portable kernels' affair.
 *
 * <p>Packed activations are oneDNN's channel-blocked layout (nChw16c; nChw8c where vectors are shorter), in which all of its fast code works, and
 * channels last where blocks do not fit: nothing but weights is rearranged between an image and the classifier. Memory that lives for one operation
 * comes from an arena of the thread.
 */
package sknet.kernel.onednn;
