/**
 * Connections between the replicas of a run: opened, authenticated and ciphered by Spark's network layer, then taken over by frames of the all-reduce.
 *
 * <p>Knows {@link sknet.sync}, Spark's and Netty's networks. Knows nothing of training.
 */
package sknet.transport;
