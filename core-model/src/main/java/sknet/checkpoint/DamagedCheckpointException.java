package sknet.checkpoint;

import java.io.IOException;

/** A file that is no whole checkpoint; the message names it and says why. */
public final class DamagedCheckpointException extends IOException {

    private static final long serialVersionUID = 1L;

    DamagedCheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
