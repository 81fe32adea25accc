package sknet.data.prepare;

import java.io.Serializable;

/**
 * What should be an image.
 *
 * @param id    its path in a folder of the same data set
 * @param label position of its class
 * @param place where its bytes are
 */
record SourceImage(String id, int label, Place place) implements Serializable {

    /**
     * A part of a file.
     *
     * @param file   path relative to the source's location
     * @param offset of the first byte, in the uncompressed content
     * @param bytes  number of bytes when it was listed
     */
    record Place(String file, long offset, long bytes) implements Serializable {
    }
}
