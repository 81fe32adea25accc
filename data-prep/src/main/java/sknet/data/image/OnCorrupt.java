package sknet.data.image;

/** What becomes of a record that is damaged or no image. */
public enum OnCorrupt {
    /** It is an error. */
    ERROR,
    /** The next readable one of its shard takes its place, and it is reported. */
    SKIP
}
