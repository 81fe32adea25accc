package sknet.model;

/**
 * The output of a layer of a network that is being declared: maps {@code [N, C, H, W]}.
 *
 * @param name     of the layer
 * @param channels C
 */
public record Maps(String name, long channels) {}
