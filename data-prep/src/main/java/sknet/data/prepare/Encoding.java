package sknet.data.prepare;

import java.awt.Graphics2D;
import java.awt.Image;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import sknet.data.image.ImageDecoder;
import sknet.data.image.RgbImage;
import sknet.data.image.UnreadableImageException;

/** How images are stored. */
public sealed interface Encoding extends Serializable {
    /** As they are in the source, byte by byte. */
    Encoding ORIGINAL = new Original();

    /**
     * The file to store for an image.
     *
     * @throws UnreadableImageException if the image has to be decoded for it, and cannot be
     */
    byte[] encode(byte[] file) throws IOException, UnreadableImageException;

    /** For the manifest. */
    String description();

    /** See {@link #ORIGINAL}. */
    record Original() implements Encoding {
        @Override
        public byte[] encode(byte[] file) {
            return file;
        }

        @Override
        public String description() {
            return "original";
        }
    }

    /**
     * As JPEG with a shorter side of a given length, by averaging over areas; an image that is not larger stays as it is.
     *
     * @param shorterSide in pixels, at least 1
     * @param quality     of the JPEG, above 0 to 1
     */
    record Resized(int shorterSide, double quality) implements Encoding {
        public Resized {
            if (shorterSide < 1 || !(quality > 0 && quality <= 1)) {
                throw new IllegalArgumentException("Cannot resize images: shorter side is " + shorterSide + " and quality " + quality
                        + " (expected at least 1, and above 0 to 1)");
            }
        }

        @Override
        public byte[] encode(byte[] file) throws IOException, UnreadableImageException {
            RgbImage decoded = ImageDecoder.decode(file);
            int shorter = Math.min(decoded.width(), decoded.height());
            if (shorter <= shorterSide) {
                return file;
            }
            int width = (int) Math.round((double) decoded.width() * shorterSide / shorter);
            int height = (int) Math.round((double) decoded.height() * shorterSide / shorter);
            Image scaled = image(decoded).getScaledInstance(width, height, Image.SCALE_AREA_AVERAGING);
            BufferedImage target = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = target.createGraphics();
            graphics.drawImage(scaled, 0, 0, null);
            graphics.dispose();
            return jpeg(target);
        }

        @Override
        public String description() {
            return "shorter side at most " + shorterSide + " pixels, JPEG quality " + quality;
        }

        private byte[] jpeg(BufferedImage image) throws IOException {
            ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
            try {
                ImageWriteParam parameters = writer.getDefaultWriteParam();
                parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                parameters.setCompressionQuality((float) quality);
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                try (MemoryCacheImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
                    writer.setOutput(out);
                    writer.write(null, new IIOImage(image, null, null), parameters);
                }
                return bytes.toByteArray();
            } finally {
                writer.dispose();
            }
        }

        private static BufferedImage image(RgbImage decoded) {
            BufferedImage image = new BufferedImage(decoded.width(), decoded.height(), BufferedImage.TYPE_INT_RGB);
            byte[] pixels = decoded.pixels();
            int[] row = new int[decoded.width()];
            for (int y = 0, i = 0; y < decoded.height(); y++) {
                for (int x = 0; x < row.length; x++, i += 3) {
                    row[x] = (pixels[i] & 0xFF) << 16 | (pixels[i + 1] & 0xFF) << 8 | pixels[i + 2] & 0xFF;
                }
                image.setRGB(0, y, row.length, 1, row, 0, row.length);
            }
            return image;
        }
    }
}
