/**
 * Exact sums over the replicas of a synchronous run: the order of summation ({@link sknet.sync.PairwiseSum}) and the
 * all-reduce that keeps to it ({@link sknet.sync.DirectAllReduce}).
 *
 * <p>Knows arrays, peers, and the memory that peers of one host share. Knows nothing of Spark, models or sockets: how bytes travel is a
 * {@link sknet.sync.PeerLink}.
 */
package sknet.sync;
