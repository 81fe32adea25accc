/**
 * Exact synchronous data-parallel SGD on a Spark barrier stage: the training master on the driver, the replica in each
 * executor, and their rendezvous over Spark's own RPC. The all-reduce travels by {@link sknet.transport}.
 */
package sknet.train;
