package sknet.data.prepare;

/** A data set cannot be prepared; the message is one line for the user: what, and what was expected instead. */
public final class PrepareException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PrepareException(String message) {
        super(message);
    }

    PrepareException(String message, Throwable cause) {
        super(message, cause);
    }
}
