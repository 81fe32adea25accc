package sknet.data.image;

import java.io.IOException;

/** Failures that travel from one thread to another. */
final class Failures {
    private Failures() {
    }

    /** What another thread has caught, to be thrown here; what is unchecked is thrown at once. */
    static IOException toThrow(Throwable failure) {
        if (failure instanceof IOException e) {
            return e;
        }
        if (failure instanceof RuntimeException e) {
            throw e;
        }
        if (failure instanceof Error e) {
            throw e;
        }
        return new IOException("Cannot read ahead: " + failure.getMessage(), failure);
    }
}
