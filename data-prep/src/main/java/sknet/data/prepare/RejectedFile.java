package sknet.data.prepare;

import java.io.Serializable;

/**
 * A file that is left out of the data set.
 *
 * @param path   relative to the source folder
 * @param reason to follow the path in a sentence
 */
record RejectedFile(String path, String reason) implements Serializable {
}
