package sknet.model;

/** What a network does between the images and the global average before its classifier. A record: its components are what a variant differs in. */
public interface Body {

    /**
     * Adds its layers.
     *
     * @param image {@code [N, 3, size, size]}
     * @return the maps that are averaged for the classifier
     */
    Maps build(NetworkGraph graph, Maps image);
}
