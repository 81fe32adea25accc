/**
 * Who is read when: the order of an epoch and the randomness of each sample, as pure functions of the seed, the
 * epoch, the shards' record counts and the ordinal.
 *
 * <p>Nothing here may depend on time, host or the number of executors, nor import anything outside {@code java.*}.
 */
package sknet.data.order;
