package sknet.train;

/**
 * Where a replica computes.
 *
 * @param host as Spark names it
 * @param gpu  the address of its GPU there; empty on processors
 */
public record Place(String host, String gpu) {
}
