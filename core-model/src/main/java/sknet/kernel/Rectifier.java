package sknet.kernel;

/** What follows a batch norm inside the same kernel. */
public enum Rectifier {
    /** Nothing. */
    NONE,
    /** max(0, x); its derivative at 0 is 0. */
    RELU
}
