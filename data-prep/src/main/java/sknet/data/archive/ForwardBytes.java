package sknet.data.archive;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The content of a file, uncompressed if it is a gzip, read from its beginning to its end. Errors name the file. */
public final class ForwardBytes implements PositionedBytes, Closeable {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int GZIP_MAGIC = 0x1F8B;

    private final Path file;
    private final InputStream in;
    private long position;

    private ForwardBytes(Path file, InputStream in) {
        this.file = file;
        this.in = in;
    }

    /** Opens a file; its first bytes, not its name, tell whether it is compressed. */
    public static ForwardBytes open(FileSystem fs, Path file) throws IOException {
        InputStream stored = new BufferedInputStream(fs.open(file), BUFFER_BYTES);
        try {
            stored.mark(2);
            int magic = stored.read() << 8 | stored.read();
            stored.reset();
            return new ForwardBytes(file, magic != GZIP_MAGIC ? stored
                    : new BufferedInputStream(new GZIPInputStream(stored, BUFFER_BYTES)));
        } catch (EOFException | ZipException e) {
            stored.close();
            throw notWhole(file, e);
        } catch (IOException | RuntimeException failure) {
            stored.close();
            throw failure;
        }
    }

    /** @throws IllegalArgumentException if the position has been passed */
    @Override
    public void readFully(long from, byte[] buffer) throws IOException {
        if (from < position) {
            throw new IllegalArgumentException("Cannot read byte " + from + " of " + file + " after byte " + position
                    + " (expected to go onwards)");
        }
        try {
            in.skipNBytes(from - position);
            position = from;
            int read = in.readNBytes(buffer, 0, buffer.length);
            position += read;
            if (read < buffer.length) {
                throw new EOFException();
            }
        } catch (EOFException e) {
            throw cutShort(from + buffer.length, e);
        } catch (ZipException e) {
            throw notWhole(file, e);
        }
    }

    /**
     * Reads on to the end, and so checks what gzip's own checksum covers.
     *
     * @throws IOException if it is not exactly there
     */
    public void requireEnd(long length) throws IOException {
        readFully(length, new byte[0]);
        int next;
        try {
            next = in.read();
        } catch (EOFException | ZipException e) {
            throw notWhole(file, e);
        }
        if (next != -1) {
            throw new IOException("Cannot read " + file + ": it goes on after its content of " + length + " bytes (expected its end)");
        }
    }

    private static IOException notWhole(Path file, IOException cause) {
        String reason = cause.getMessage() == null ? "it is cut short" : cause.getMessage();
        return new IOException("Cannot read " + file + ": " + reason + " (expected a whole gzip file)", cause);
    }

    private EOFException cutShort(long expected, EOFException cause) {
        EOFException failure = new EOFException("Cannot read " + file + ": it is cut short (expected at least " + expected
                + " bytes of content)");
        failure.initCause(cause);
        return failure;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }
}
