package sknet.kernel;

/** What becomes of the values in an array that a kernel writes to. */
public enum Store {
    /** They are lost. */
    REPLACE,
    /** The kernel's are added to them. */
    ADD
}
