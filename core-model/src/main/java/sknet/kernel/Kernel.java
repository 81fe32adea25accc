package sknet.kernel;

/** An operation of one shape and data type with the buffers that it owns. Not for use by several threads at once. */
public interface Kernel extends AutoCloseable {

    /** Frees the buffers. */
    @Override
    void close();
}
