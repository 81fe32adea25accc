/**
 * The seam between the layers and the processor: shapes as records, each heavy operation as one small interface.
 *
 * <p>{@link sknet.kernel.Kernels} makes a kernel for one shape and data type; the kernel owns its buffers, so that the steady
 * state allocates nothing. An implementation lives in a package of its own below this one and may serve some operations and data
 * types only. Nothing here knows DL4J, Spark or models.
 */
package sknet.kernel;
