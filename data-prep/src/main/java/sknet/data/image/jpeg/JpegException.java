package sknet.data.image.jpeg;

/** Bytes that are no JPEG this decoder reads; the message is the reason, to follow the name of the file. */
public final class JpegException extends Exception {
    private static final long serialVersionUID = 1L;

    private JpegException(String reason) {
        super(reason);
    }

    static JpegException truncated() {
        return new JpegException("is truncated");
    }

    static JpegException damaged(String what) {
        return new JpegException("cannot be decoded: " + what);
    }
}
