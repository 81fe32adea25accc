package sknet.data.prepare;

import java.io.Serializable;

/**
 * A file that should be an image.
 *
 * @param id    path relative to the source folder
 * @param label position of its class
 * @param bytes size of the file when it was listed
 */
record SourceImage(String id, int label, long bytes) implements Serializable {
}
