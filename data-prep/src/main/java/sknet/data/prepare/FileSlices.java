package sknet.data.prepare;

import java.io.EOFException;
import java.io.IOException;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Image files, or parts of archives that are image files, read by position in any order. The file read last stays open: an archive is
 * opened once.
 */
final class FileSlices implements ImageReader {
    private final FileSystem fs;
    private final Path location;
    private String openName = "";
    private FSDataInputStream open;

    FileSlices(FileSystem fs, Path location) {
        this.fs = fs;
        this.location = location;
    }

    @Override
    public byte[] read(SourceImage image) throws IOException {
        SourceImage.Place place = image.place();
        Path file = new Path(location, place.file());
        byte[] bytes = new byte[Math.toIntExact(place.bytes())];
        try {
            if (!openName.equals(place.file())) {
                close();
                open = fs.open(file);
                openName = place.file();
            }
            open.readFully(place.offset(), bytes);
            return bytes;
        } catch (EOFException e) {
            throw new IOException("Cannot read " + file + ": it has become shorter (expected " + place.bytes() + " bytes at byte "
                    + place.offset() + ")", e);
        } catch (IOException e) {
            throw new IOException("Cannot read " + file + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() throws IOException {
        openName = "";
        if (open != null) {
            open.close();
            open = null;
        }
    }
}
