package sknet.data.image;

import java.io.IOException;

/** The bytes of a sample are those that were written, but no image; the message names it. */
public final class CorruptImageException extends IOException {
    private static final long serialVersionUID = 1L;

    CorruptImageException(String message, Throwable cause) {
        super(message, cause);
    }
}
