package sknet.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentSampleModel;
import java.awt.image.DataBufferByte;
import java.awt.image.DataBufferUShort;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.HexFormat;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.spi.ImageReaderSpi;
import javax.imageio.stream.MemoryCacheImageInputStream;
import sknet.data.image.jpeg.JpegDecoder;
import sknet.data.image.jpeg.JpegException;
import sknet.data.image.jpeg.Region;
import sknet.data.image.jpeg.Scale;

/**
 * Decodes JPEG by this project's decoder and PNG by the JDK's ImageIO, told apart by their first bytes and never by a file's name.
 *
 * <p>The samples are taken as they are stored: grey becomes three equal channels, alpha is dropped, 16 bits are rounded to 8,
 * and neither colour profiles, gamma nor EXIF rotation are applied, as is usual in training on ImageNet. CMYK becomes RGB as PIL
 * converts it.
 */
public final class ImageDecoder {
    /** Largest image that is decoded: a small file may claim to unfold into gigabytes. */
    public static final int MAX_PIXELS = 1 << 26;
    private static final int MAX_SIDE = 65_535;

    /** Looked up once: ImageIO's search takes as long as a small image. */
    private static final ImageReaderSpi PNG = ImageIO.getImageReadersByFormatName("png").next().getOriginatingProvider();
    /** Where a PNG's first segment, which must be its header, has them. */
    private static final int PNG_BIT_DEPTH = 24;
    private static final int PNG_COLOUR_TYPE = 25;
    /** Deflate's limit: bytes that one byte becomes. */
    private static final long MOST_UNFOLDED = 1032;
    private static final byte[] JPEG_START = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF};
    private static final byte[] PNG_START = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

    private ImageDecoder() {
    }

    /**
     * Decodes an image whole.
     *
     * @param bytes a JPEG or PNG file
     * @throws UnreadableImageException if it is neither, truncated, damaged or larger than {@link #MAX_PIXELS}
     */
    public static RgbImage decode(byte[] bytes) throws UnreadableImageException {
        if (isJpeg(bytes)) {
            return decodeJpeg(bytes);
        }
        checkPng(bytes);
        ImageReader reader = null;
        try {
            reader = PNG.createReaderInstance();
            reader.setInput(new MemoryCacheImageInputStream(new ByteArrayInputStream(bytes)), true, true);
            checkSize(reader.getWidth(0), reader.getHeight(0));
            checkPngData(bytes, reader.getWidth(0), reader.getHeight(0));
            BufferedImage image = reader.read(0);
            return new RgbImage(image.getWidth(), image.getHeight(), rgb(image.getRaster(), image.getColorModel()));
        } catch (IOException | RuntimeException e) {
            // The JDK's readers answer damaged files with nearly any exception.
            throw new UnreadableImageException("cannot be decoded: " + reason(e), e);
        } finally {
            if (reader != null) {
                reader.dispose();
            }
        }
    }

    static boolean isJpeg(byte[] bytes) {
        return startsWith(bytes, JPEG_START);
    }

    private static RgbImage decodeJpeg(byte[] bytes) throws UnreadableImageException {
        try {
            JpegDecoder decoder = new JpegDecoder();
            decoder.open(bytes);
            int width = decoder.width();
            checkSize(width, decoder.height());
            byte[] pixels = new byte[RgbImage.CHANNELS * width * decoder.height()];
            decoder.decode(Region.whole(width, decoder.height()), Scale.FULL, (y, red, green, blue, start) -> {
                int target = RgbImage.CHANNELS * width * y;
                for (int x = start; x < start + width; x++) {
                    pixels[target] = red[x];
                    pixels[target + 1] = green[x];
                    pixels[target + 2] = blue[x];
                    target += RgbImage.CHANNELS;
                }
            });
            return new RgbImage(width, decoder.height(), pixels);
        } catch (JpegException e) {
            throw new UnreadableImageException(e.getMessage(), e);
        }
    }

    private static void checkPng(byte[] bytes) throws UnreadableImageException {
        if (!startsWith(bytes, PNG_START)) {
            String start = HexFormat.of().formatHex(bytes, 0, Math.min(bytes.length, PNG_START.length));
            throw new UnreadableImageException(bytes.length == 0 ? "is empty" : "is no JPEG or PNG image (starts with 0x" + start + ")");
        }
    }

    /** The JDK makes room for all pixels before it reads the first: whether there can be as many is seen by the file's size. */
    private static void checkPngData(byte[] bytes, int width, int height) throws UnreadableImageException {
        int bits = bytes[PNG_BIT_DEPTH] * switch (bytes[PNG_COLOUR_TYPE]) {
            case 2 -> 3;
            case 4 -> 2;
            case 6 -> 4;
            default -> 1;
        };
        if ((long) width * height * bits / Byte.SIZE > MOST_UNFOLDED * bytes.length) {
            throw new UnreadableImageException("is truncated");
        }
    }

    static void checkSize(int width, int height) throws UnreadableImageException {
        if (width > MAX_SIDE || height > MAX_SIDE || (long) width * height > MAX_PIXELS) {
            throw new UnreadableImageException("is " + width + "x" + height + " pixels (expected at most " + MAX_PIXELS + ")");
        }
    }

    private static byte[] rgb(Raster raster, ColorModel colors) throws UnreadableImageException {
        if (colors instanceof IndexColorModel palette) {
            return fromPalette(raster, palette);
        }
        if (raster.getSampleModel() instanceof ComponentSampleModel layout && raster.getNumBands() <= 4) {
            if (raster.getDataBuffer() instanceof DataBufferByte buffer) {
                return fromBytes(raster, layout, buffer.getData());
            }
            if (raster.getDataBuffer() instanceof DataBufferUShort buffer) {
                return fromShorts(raster, layout, buffer.getData());
            }
        }
        throw new UnreadableImageException("has an unknown pixel layout: " + raster.getSampleModel().getClass().getSimpleName());
    }

    private static byte[] fromBytes(Raster raster, ComponentSampleModel layout, byte[] samples) {
        int width = raster.getWidth();
        int stride = layout.getPixelStride();
        int[] bands = rgbBands(layout);
        int red = bands[0];
        int green = bands[1];
        int blue = bands[2];
        byte[] rgb = new byte[RgbImage.CHANNELS * width * raster.getHeight()];
        int target = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            int source = y * layout.getScanlineStride();
            for (int x = 0; x < width; x++) {
                rgb[target] = samples[source + red];
                rgb[target + 1] = samples[source + green];
                rgb[target + 2] = samples[source + blue];
                source += stride;
                target += RgbImage.CHANNELS;
            }
        }
        return rgb;
    }

    private static byte[] fromShorts(Raster raster, ComponentSampleModel layout, short[] samples) {
        byte[] high = new byte[samples.length];
        for (int i = 0; i < samples.length; i++) {
            high[i] = (byte) (((samples[i] & 0xFFFF) * 255 + 32_767) / 65_535);
        }
        return fromBytes(raster, layout, high);
    }

    private static byte[] fromPalette(Raster raster, IndexColorModel palette) {
        int width = raster.getWidth();
        int[] indices = new int[width];
        byte[] rgb = new byte[RgbImage.CHANNELS * width * raster.getHeight()];
        int target = 0;
        for (int y = 0; y < raster.getHeight(); y++) {
            raster.getSamples(0, y, width, 1, 0, indices);
            for (int index : indices) {
                rgb[target++] = (byte) palette.getRed(index);
                rgb[target++] = (byte) palette.getGreen(index);
                rgb[target++] = (byte) palette.getBlue(index);
            }
        }
        return rgb;
    }

    /** Where R, G and B lie: one and two bands are grey and grey with alpha, three and four are colour. */
    private static int[] rgbBands(ComponentSampleModel layout) {
        int[] offsets = layout.getBandOffsets();
        return offsets.length < RgbImage.CHANNELS ? new int[] {offsets[0], offsets[0], offsets[0]} : offsets;
    }

    private static boolean startsWith(byte[] bytes, byte[] start) {
        return bytes.length >= start.length && Arrays.equals(bytes, 0, start.length, start, 0, start.length);
    }

    private static String reason(Exception failure) {
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message.lines().findFirst().orElse("");
    }
}
