package sknet.data.archive;

import java.io.Serializable;

/**
 * A file in a tar archive.
 *
 * @param name   its path in the archive
 * @param offset of its first byte in whatever the archive was read from
 * @param bytes  its size
 */
public record TarEntry(String name, long offset, long bytes) implements Serializable {
    /** The name without its directories. */
    public String fileName() {
        return name.substring(name.lastIndexOf('/') + 1);
    }
}
