/**
 * The kernels on oneDNN, for float on the CPU: primitives that work on ND4J's memory in place, made once for a shape. The engine is oneDNN's;
 * it picks its code for the processor at run time. Double and other backends are the portable kernels' affair.
 *
 * <p>Packed activations are oneDNN's channel-blocked layout (nChw16c; nChw8c where vectors are shorter), in which all of its fast code works:
 * nothing but weights is rearranged between an image and the classifier. Memory that lives for one operation comes from an arena of the
 * thread.
 */
package sknet.kernel.onednn;
