/**
 * What a network does value by value between its products, in Java's own vectors (jdk.incubator.vector): batch norm, the whole of an SK
 * convolution behind its convolutions, pooling over maps, residual sums, the step of SGD. These are bound by memory, not by arithmetic: each
 * kernel reads as little as its formula allows, and computes again what is cheaper than reading. Vectors run along the channels
 * that lie side by side ({@link sknet.kernel.ChannelPacking}). Sums do not depend on the number of threads.
 */
package sknet.kernel.vector;
