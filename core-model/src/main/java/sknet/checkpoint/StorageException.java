package sknet.checkpoint;

import java.io.IOException;

/** The file system did not do its part for as long as {@link StoragePatience} lasts; the message names the file and the last cause. */
public final class StorageException extends IOException {

    private static final long serialVersionUID = 1L;

    StorageException(String message, Throwable cause) {
        super(message, cause);
    }
}
