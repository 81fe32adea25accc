package sknet.data.archive;

import java.io.IOException;

/** Bytes that are read at positions: anywhere in a file of a Hadoop file system, only onwards in a compressed one. */
@FunctionalInterface
public interface PositionedBytes {
    /**
     * Fills a buffer.
     *
     * @param position of its first byte, from the beginning
     * @throws java.io.EOFException if the bytes end before
     */
    void readFully(long position, byte[] buffer) throws IOException;
}
