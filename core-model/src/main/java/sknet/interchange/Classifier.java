package sknet.interchange;

/** Which weights a network's last layer gets. */
public enum Classifier {
    /** The file's. */
    IMPORTED,
    /** Those it has already: for other classes than the file's, which may have none. */
    NEW
}
