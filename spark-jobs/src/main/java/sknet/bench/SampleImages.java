package sknet.bench;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.apache.hadoop.conf.Configuration;
import sknet.data.shard.DatasetManifest;
import sknet.data.shard.ShardedSplit;

/** Images for the benchmark of the input. */
public final class SampleImages {
    private static final int MAX_IMAGES = 500;
    private static final int MADE = 16;

    private SampleImages() {
    }

    /** The first of a folder of JPEGs, or of a prepared data set's training images. */
    public static List<byte[]> of(Path folder) throws IOException {
        List<byte[]> images = new ArrayList<>();
        if (Files.exists(folder.resolve(DatasetManifest.FILE_NAME))) {
            var dataset = new org.apache.hadoop.fs.Path(folder.toUri());
            try (ShardedSplit split = ShardedSplit.open(new Configuration(), dataset, DatasetManifest.TRAIN, 0)) {
                for (int i = 0; i < Math.min(MAX_IMAGES, split.size()); i++) {
                    images.add(split.read(i).bytes());
                }
            }
            return images;
        }
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder, "*.{jpg,jpeg,JPG,JPEG}")) {
            stream.forEach(files::add);
        }
        files.sort(null);
        for (Path file : files.subList(0, Math.min(MAX_IMAGES, files.size()))) {
            images.add(Files.readAllBytes(file));
        }
        if (images.isEmpty()) {
            throw new IOException("Cannot find images in " + folder + " (expected .jpg files or a prepared data set)");
        }
        return images;
    }

    /** Pictures of the size that ImageNet's have, with as many bits. */
    public static List<byte[]> made() throws IOException {
        Random random = new Random(1);
        List<byte[]> images = new ArrayList<>();
        for (int i = 0; i < MADE; i++) {
            BufferedImage image = new BufferedImage(500, 375, BufferedImage.TYPE_3BYTE_BGR);
            double period = 3 + random.nextInt(40);
            for (int y = 0; y < image.getHeight(); y++) {
                for (int x = 0; x < image.getWidth(); x++) {
                    int grey = (int) (128 + 90 * Math.sin((x + y * 0.5) / period) + 10 * random.nextGaussian());
                    image.setRGB(x, y, Math.max(0, Math.min(255, grey)) * 0x10101 ^ (x / 50 << 20) ^ (y / 50 << 4));
                }
            }
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ImageIO.write(image, "jpg", out);
            images.add(out.toByteArray());
        }
        return images;
    }
}
