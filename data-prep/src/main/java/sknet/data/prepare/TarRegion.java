package sknet.data.prepare;

import java.io.Serializable;

/**
 * An archive, or one within another.
 *
 * @param file  path relative to the source's location
 * @param name  of the archive, for messages
 * @param start where it begins in the file
 * @param end   where it ends
 */
record TarRegion(String file, String name, long start, long end) implements Serializable {
}
