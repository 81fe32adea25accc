package sknet.demo;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A gzip-compressed IDX file of unsigned bytes, read whole: the format of MNIST and its likes
 * (<a href="http://yann.lecun.com/exdb/mnist/">described there</a>): magic, the length of each dimension, the bytes; big-endian.
 *
 * @param count the length of the first dimension: images or labels
 * @param bytes the content, count times the product of the other dimensions
 */
record IdxFile(int count, byte[] bytes) {
    private static final int LABELS = 0x0801;
    private static final int IMAGES = 0x0803;
    /** A damaged length must not exhaust the memory: the largest of the family has 814,255 items. */
    private static final int MOST_ITEMS = 1_000_000;

    /** Reads labels. */
    static IdxFile labels(Path file) throws IOException {
        return read(file, LABELS, 1);
    }

    /** Reads grey images of the given side, in rows from the top. */
    static IdxFile images(Path file, int side) throws IOException {
        return read(file, IMAGES, side);
    }

    private static IdxFile read(Path file, int magic, int side) throws IOException {
        try (var compressed = new FileInputStream(file.toFile());
             var in = new DataInputStream(new BufferedInputStream(new GZIPInputStream(compressed, 1 << 16)))) {
            int found = in.readInt();
            require(found == magic, file, String.format("magic is 0x%08x (expected 0x%08x)", found, magic));
            int count = in.readInt();
            require(count >= 1 && count <= MOST_ITEMS, file,
                "it announces " + count + " items (expected 1 to " + MOST_ITEMS + ")");
            if (magic == IMAGES) {
                int rows = in.readInt();
                int columns = in.readInt();
                require(rows == side && columns == side, file,
                    "its images are " + rows + " x " + columns + " (expected " + side + " x " + side + ")");
            }
            int length = Math.multiplyExact(count, side * side);
            byte[] bytes = in.readNBytes(length);
            require(bytes.length == length, file,
                "it ends after " + bytes.length + " bytes of content (expected " + length + ")");
            require(in.read() == -1, file, "it goes on after its " + length + " bytes of content");
            return new IdxFile(count, bytes);
        } catch (ZipException e) {
            throw new IOException("Cannot read " + file + ": " + e.getMessage() + " (expected a gzip-compressed IDX file)", e);
        } catch (EOFException e) {
            throw new IOException("Cannot read " + file + ": it is cut short (expected a gzip-compressed IDX file)", e);
        }
    }

    private static void require(boolean condition, Path file, String problem) throws IOException {
        if (!condition) {
            throw new IOException("Cannot read " + file + ": " + problem);
        }
    }
}
