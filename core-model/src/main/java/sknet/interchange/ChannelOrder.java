package sknet.interchange;

/** The order in which a network takes an image's channels; ours is RGB. */
public enum ChannelOrder {
    /** Red first. */
    RGB,
    /** Blue first, as in networks from Caffe. */
    BGR;

    /** The network's channel for one of ours, 0 to 2. */
    int channel(int ours) {
        return this == RGB ? ours : 2 - ours;
    }
}
