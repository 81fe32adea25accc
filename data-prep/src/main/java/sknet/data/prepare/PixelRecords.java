package sknet.data.prepare;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import sknet.data.archive.ForwardBytes;

/**
 * Images that are no files but pixels, as PNG files, which keep them exactly. What they lie in is compressed and read onwards only: one
 * pass takes all pixels of a shard, which are about as large as it.
 */
final class PixelRecords implements ImageReader {
    private final Map<SourceImage, byte[]> pixels;
    private final PixelLayout layout;
    private final ImageWriter png = ImageIO.getImageWritersByFormatName("png").next();

    private PixelRecords(Map<SourceImage, byte[]> pixels, PixelLayout layout) {
        this.pixels = pixels;
        this.layout = layout;
    }

    /** @param images all from one file */
    static PixelRecords read(FileSystem fs, Path directory, List<SourceImage> images, PixelLayout layout) throws IOException {
        Map<SourceImage, byte[]> pixels = new HashMap<>();
        List<SourceImage> onwards = images.stream().sorted(Comparator.comparing(image -> image.place().offset())).toList();
        try (ForwardBytes in = ForwardBytes.open(fs, new Path(directory, images.get(0).place().file()))) {
            for (SourceImage image : onwards) {
                byte[] record = new byte[Math.toIntExact(image.place().bytes())];
                in.readFully(image.place().offset(), record);
                pixels.put(image, record);
            }
        }
        return new PixelRecords(pixels, layout);
    }

    @Override
    public byte[] read(SourceImage image) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        // Not ImageIO.write: it goes through a temporary file.
        try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            png.setOutput(out);
            png.write(layout.image(pixels.get(image)));
        }
        return bytes.toByteArray();
    }

    @Override
    public void close() {
        png.dispose();
    }
}
