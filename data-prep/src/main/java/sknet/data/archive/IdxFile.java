package sknet.data.archive;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * What an IDX file of unsigned bytes holds: the format of MNIST and its likes
 * (<a href="http://yann.lecun.com/exdb/mnist/">described there</a>): magic, the length of each dimension, the bytes; big-endian.
 * It may be compressed by gzip.
 *
 * @param count   number of images or labels
 * @param rows    of an image; 1 for labels
 * @param columns of an image; 1 for labels
 * @param offset  where the first one lies in the uncompressed file
 */
public record IdxFile(int count, int rows, int columns, int offset) {
    private static final int LABELS = 0x0801;
    private static final int IMAGES = 0x0803;
    /** A damaged length must not exhaust the memory: the largest of the family has 814,255 items. */
    private static final int MOST_ITEMS = 10_000_000;
    private static final int MOST_SIDE = 4096;

    /** Bytes of an image or label. */
    public int itemBytes() {
        return rows * columns;
    }

    /**
     * Reads a file of labels whole.
     *
     * @throws IOException if it is damaged or of another kind; the message names it
     */
    public static byte[] labels(FileSystem fs, Path file) throws IOException {
        try (ForwardBytes in = ForwardBytes.open(fs, file)) {
            ByteBuffer header = header(in, file, LABELS, 2);
            int count = count(header, file);
            byte[] labels = new byte[count];
            in.readFully(header.capacity(), labels);
            in.requireEnd(header.capacity() + (long) count);
            return labels;
        }
    }

    /**
     * Reads the header of a file of grey images, and whether the rest is there.
     *
     * @throws IOException if it is damaged or of another kind; the message names it
     */
    public static IdxFile images(FileSystem fs, Path file) throws IOException {
        try (ForwardBytes in = ForwardBytes.open(fs, file)) {
            ByteBuffer header = header(in, file, IMAGES, 4);
            int count = count(header, file);
            int rows = header.getInt(2 * Integer.BYTES);
            int columns = header.getInt(3 * Integer.BYTES);
            if (rows < 1 || rows > MOST_SIDE || columns < 1 || columns > MOST_SIDE) {
                throw new IOException("Cannot read " + file + ": its images are " + rows + " x " + columns + " (expected sides of 1 to "
                        + MOST_SIDE + ")");
            }
            IdxFile images = new IdxFile(count, rows, columns, header.capacity());
            in.requireEnd(images.offset + (long) count * images.itemBytes());
            return images;
        }
    }

    private static ByteBuffer header(ForwardBytes in, Path file, int magic, int words) throws IOException {
        ByteBuffer header = ByteBuffer.allocate(words * Integer.BYTES);
        in.readFully(0, header.array());
        if (header.getInt(0) != magic) {
            throw new IOException(String.format("Cannot read %s: magic is 0x%08x (expected 0x%08x)", file, header.getInt(0), magic));
        }
        return header;
    }

    private static int count(ByteBuffer header, Path file) throws IOException {
        int count = header.getInt(Integer.BYTES);
        if (count < 1 || count > MOST_ITEMS) {
            throw new IOException("Cannot read " + file + ": it announces " + count + " items (expected 1 to " + MOST_ITEMS + ")");
        }
        return count;
    }
}
