package sknet.data.shard;

import java.io.IOException;

/** A shard or its index does not hold what was written; the message names the file and, where there is one, the record. */
public final class CorruptShardException extends IOException {
    private static final long serialVersionUID = 1L;

    CorruptShardException(String message) {
        super(message);
    }

    CorruptShardException(String message, Throwable cause) {
        super(message, cause);
    }
}
