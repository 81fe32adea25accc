package sknet.data.prepare;

import java.io.Closeable;
import java.io.IOException;

/** Reads the images of one shard. Not thread safe. */
interface ImageReader extends Closeable {
    /**
     * The image as a JPEG or PNG file.
     *
     * @throws IOException if it cannot be read; the message names the file
     */
    byte[] read(SourceImage image) throws IOException;
}
