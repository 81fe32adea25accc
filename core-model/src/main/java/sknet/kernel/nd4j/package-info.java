/**
 * The portable kernels: ND4J operations only, in float and double, on every ND4J backend.
 *
 * <p>ND4J's own convolution, im2col, batch norm and broadcast operations are 5 to 50 times slower than the memory allows, so
 * these kernels are built from the few that are fast: dense passes, copies between strided views, and (batched) matrix products.
 * No raw pointers and no loops over elements here.
 */
package sknet.kernel.nd4j;
