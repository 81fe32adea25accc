/**
 * Exact synchronous data-parallel SGD on a Spark barrier stage: the training master on the driver, the replica in each
 * executor, their rendezvous over Spark's own RPC, and the transport of the all-reduce over Spark's own network layer, so
 * that {@code spark.authenticate} and {@code spark.network.crypto.enabled} hold for all of it.
 */
package sknet.train;
