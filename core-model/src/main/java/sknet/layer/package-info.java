/**
 * The project's own DL4J layers, each configuration beside its runtime, with hand-written backpropagation.
 *
 * <p>Configurations are public and go through DL4J's JSON; runtimes are package-private and hold the buffers between forward and
 * backward. The arithmetic lives in {@link sknet.kernel}; here are parameters, shapes and the chain rule. Nothing here knows a
 * model.
 *
 * <p><b>Gradients are sums.</b> As everywhere in DL4J, a layer writes the sum of the gradients over its batch and the updater
 * divides by the batch size. The running statistics of batch norm follow the same rule: their pseudo-gradient is (old - new)
 * times the batch size. So when gradients of several micro-batches are added and divided by their total size, each statistic
 * becomes the average of the micro-batches' statistics, weighted by their sizes, and N workers equal one worker that accumulates
 * N micro-batches. (PyTorch's DistributedDataParallel keeps the statistics of its first worker instead.)
 */
package sknet.layer;
