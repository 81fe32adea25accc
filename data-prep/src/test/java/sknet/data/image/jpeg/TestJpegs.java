package sknet.data.image.jpeg;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.metadata.IIOMetadata;
import javax.imageio.metadata.IIOMetadataNode;
import javax.imageio.stream.ImageOutputStream;
import org.w3c.dom.NodeList;

/** JPEGs of all kinds that the JDK's encoder can be brought to write. */
public final class TestJpegs {
    private static final String FORMAT = "javax_imageio_jpeg_image_1.0";

    private TestJpegs() {
    }

    /**
     * How to write one.
     *
     * @param sampling of Y, such as "2x2", where that of the others is 1x1
     * @param restart  MCUs between restart markers, 0 for none
     */
    public record Kind(String sampling, float quality, boolean progressive, int restart) {
    }

    /** A picture with the statistics of photographs: energy falls with frequency, edges, some noise; colours vary slower. */
    public static BufferedImage photograph(int width, int height, int seed) {
        Random random = new Random(seed);
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_3BYTE_BGR);
        double[][] waves = new double[48][];
        for (int i = 0; i < waves.length; i++) {
            double frequency = 0.004 * Math.pow(300, random.nextDouble());
            double angle = random.nextDouble() * Math.PI;
            waves[i] = new double[] {frequency * Math.cos(angle), frequency * Math.sin(angle), random.nextDouble() * 6,
                0.22 / Math.sqrt(frequency), random.nextInt(3)};
        }
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                double[] rgb = {128, 128, 128};
                for (double[] wave : waves) {
                    double value = 4 * wave[3] * Math.sin(x * wave[0] + y * wave[1] + wave[2]);
                    for (int channel = 0; channel < 3; channel++) {
                        rgb[channel] += channel == (int) wave[4] && wave[3] > 1 ? 2 * value : value;
                    }
                }
                double edge = (x * 7 / width + y * 5 / height) % 2 * 40 + random.nextGaussian() * 3;
                image.setRGB(x, y, clamp(rgb[0] + edge) << 16 | clamp(rgb[1] + edge) << 8 | clamp(rgb[2] - edge));
            }
        }
        return image;
    }

    /** Encodes a picture. */
    public static byte[] encode(BufferedImage image, Kind kind) throws IOException {
        return encode(new IIOImage(image, null, null), ImageTypeSpecifier.createFromRenderedImage(image), kind);
    }

    /** Encodes samples as they are, without a conversion of colours and without a note of what they are. */
    static byte[] encodeRaw(WritableRaster raster) throws IOException {
        return encode(new IIOImage(raster, null, null), null, new Kind(null, 0.9f, false, 0));
    }

    /** The samples as they are stored. */
    static Raster decodeRaw(byte[] file) throws IOException {
        ImageReader reader = ImageIO.getImageReadersByFormatName("jpeg").next();
        reader.setInput(ImageIO.createImageInputStream(new ByteArrayInputStream(file)));
        return reader.readRaster(0, null);
    }

    /** A file with another segment behind its first two bytes. */
    static byte[] withSegment(byte[] file, int marker, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(file, 0, 2);
        out.write(0xFF);
        out.write(marker);
        out.write(content.length + 2 >> 8);
        out.write(content.length + 2);
        out.writeBytes(content);
        out.write(file, 2, file.length - 2);
        return out.toByteArray();
    }

    /** Adobe's segment. */
    static byte[] withAdobe(byte[] file, int transform) {
        return withSegment(file, 0xEE, new byte[] {'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, (byte) transform});
    }

    private static byte[] encode(IIOImage image, ImageTypeSpecifier type, Kind kind) throws IOException {
        ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
        ImageWriteParam parameters = writer.getDefaultWriteParam();
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(kind.quality());
        if (kind.progressive()) {
            parameters.setProgressiveMode(ImageWriteParam.MODE_DEFAULT);
        }
        if (type != null && kind.sampling() != null) {
            IIOMetadata metadata = writer.getDefaultImageMetadata(type, parameters);
            IIOMetadataNode tree = (IIOMetadataNode) metadata.getAsTree(FORMAT);
            IIOMetadataNode first = (IIOMetadataNode) tree.getElementsByTagName("componentSpec").item(0);
            first.setAttribute("HsamplingFactor", kind.sampling().substring(0, 1));
            first.setAttribute("VsamplingFactor", kind.sampling().substring(2));
            if (kind.restart() > 0) {
                NodeList sequence = tree.getElementsByTagName("markerSequence");
                IIOMetadataNode restart = new IIOMetadataNode("dri");
                restart.setAttribute("interval", Integer.toString(kind.restart()));
                sequence.item(0).insertBefore(restart, sequence.item(0).getFirstChild());
            }
            metadata.setFromTree(FORMAT, tree);
            image.setMetadata(metadata);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ImageOutputStream stream = ImageIO.createImageOutputStream(out)) {
            writer.setOutput(stream);
            writer.write(null, image, parameters);
        } finally {
            writer.dispose();
        }
        return out.toByteArray();
    }

    private static int clamp(double value) {
        return (int) Math.max(0, Math.min(255, value));
    }
}
