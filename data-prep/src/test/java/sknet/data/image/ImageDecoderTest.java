package sknet.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageDecoderTest {
    private static final byte[] SIX_PIXELS = {(byte) 255, 0, 0, 0, (byte) 255, 0, 0, 0, (byte) 255, 10, 20, 30, 40, 50, 60,
            (byte) 200, 100, 50};

    @ParameterizedTest
    @ValueSource(ints = {BufferedImage.TYPE_INT_RGB, BufferedImage.TYPE_3BYTE_BGR, BufferedImage.TYPE_4BYTE_ABGR,
            BufferedImage.TYPE_INT_ARGB})
    void aColourPngGivesItsSamplesInRgbOrder(int type) throws Exception {
        RgbImage image = ImageDecoder.decode(TestImages.encode(sixPixels(type), "png"));
        assertEquals(3, image.width());
        assertEquals(2, image.height());
        assertArrayEquals(SIX_PIXELS, image.pixels());
    }

    @Test
    void transparentPixelsKeepTheirColour() throws Exception {
        BufferedImage image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_ARGB);
        image.setRGB(0, 0, 0x000A141E);
        assertArrayEquals(new byte[] {10, 20, 30}, ImageDecoder.decode(TestImages.encode(image, "png")).pixels());
    }

    @Test
    void greyKeepsItsStoredValue() throws Exception {
        BufferedImage grey = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_GRAY);
        grey.getRaster().setSample(0, 0, 0, 128);
        grey.getRaster().setSample(1, 0, 0, 7);
        byte[] expected = {(byte) 128, (byte) 128, (byte) 128, 7, 7, 7};
        assertArrayEquals(expected, ImageDecoder.decode(TestImages.encode(grey, "png")).pixels());
    }

    @Test
    void greyJpegKeepsItsStoredValue() throws Exception {
        BufferedImage grey = new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY);
        Arrays.fill(((DataBufferByte) grey.getRaster().getDataBuffer()).getData(), (byte) 128);
        for (byte sample : ImageDecoder.decode(TestImages.encode(grey, "jpg")).pixels()) {
            assertEquals(128, sample & 0xFF, 1);
        }
    }

    @Test
    void sixteenBitsAreRoundedToEight() throws Exception {
        BufferedImage grey = new BufferedImage(4, 1, BufferedImage.TYPE_USHORT_GRAY);
        int[] samples = {0, 128, 129, 65_535};
        grey.getRaster().setSamples(0, 0, 4, 1, 0, samples);
        byte[] expected = {0, 0, 0, 0, 0, 0, 1, 1, 1, -1, -1, -1};
        assertArrayEquals(expected, ImageDecoder.decode(TestImages.encode(grey, "png")).pixels());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void aPaletteIsLookedUp(int bits) throws Exception {
        byte[] red = {10, (byte) 200};
        byte[] green = {20, (byte) 210};
        byte[] blue = {30, (byte) 220};
        IndexColorModel palette = new IndexColorModel(bits, 2, red, green, blue);
        BufferedImage image = new BufferedImage(3, 1, bits == 8 ? BufferedImage.TYPE_BYTE_INDEXED
                : BufferedImage.TYPE_BYTE_BINARY, palette);
        image.getRaster().setSamples(0, 0, 3, 1, 0, new int[] {1, 0, 1});
        byte[] expected = {(byte) 200, (byte) 210, (byte) 220, 10, 20, 30, (byte) 200, (byte) 210, (byte) 220};
        assertArrayEquals(expected, ImageDecoder.decode(TestImages.encode(image, "png")).pixels());
    }

    @Test
    void aJpegIsCloseToWhatWasEncoded() throws Exception {
        RgbImage image = ImageDecoder.decode(TestImages.encode(TestImages.plain(40, 24, 0xC06020), "jpg"));
        assertEquals(40, image.width());
        assertEquals(24, image.height());
        for (int i = 0; i < image.pixels().length; i += 3) {
            assertEquals(0xC0, image.pixels()[i] & 0xFF, 3);
            assertEquals(0x60, image.pixels()[i + 1] & 0xFF, 3);
            assertEquals(0x20, image.pixels()[i + 2] & 0xFF, 3);
        }
    }

    @Test
    void textIsNoImage() {
        assertEquals("is no JPEG or PNG image (starts with 0x68656c6c6f)", reason("hello".getBytes(StandardCharsets.US_ASCII)));
        assertEquals("is empty", reason(new byte[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"jpg", "png"})
    void aTruncatedImageIsUnreadableWhereverItEnds(String format) throws IOException {
        byte[] whole = TestImages.encode(TestImages.picture(64, 48, 1), format);
        // Only without the last 24 bytes, checksums and the end mark, has a PNG all its pixels.
        for (int length = 8; length < whole.length - 24; length += 7) {
            byte[] truncated = Arrays.copyOf(whole, length);
            String reason = reason(truncated);
            assertTrue(reason.startsWith("is truncated") || reason.startsWith("cannot be decoded: "), length + ": " + reason);
        }
    }

    @Test
    void aTruncatedJpegSaysSo() throws IOException {
        byte[] whole = TestImages.encode(TestImages.picture(200, 200, 1), "jpg");
        assertEquals("is truncated", reason(Arrays.copyOf(whole, whole.length * 3 / 4)));
        assertEquals("is truncated", reason(Arrays.copyOf(whole, whole.length - 6)));
    }

    @Test
    void aJpegWithoutItsEndMarkIsWhole() throws Exception {
        byte[] whole = TestImages.encode(TestImages.picture(200, 200, 1), "jpg");
        assertArrayEquals(ImageDecoder.decode(whole).pixels(), ImageDecoder.decode(Arrays.copyOf(whole, whole.length - 2)).pixels());
    }

    @Test
    void anImageThatClaimsTooManyPixelsIsRefusedBeforeItIsDecoded() throws IOException {
        assertEquals("is 60000x60000 pixels (expected at most 67108864)", reason(emptyPng(60_000, 60_000)));
        assertEquals("is 1000000x1 pixels (expected at most 67108864)", reason(emptyPng(1_000_000, 1)));
    }

    @Test
    void bytesThatOnlyStartLikeAnImageAreUnreadable() {
        byte[] jpeg = new byte[500];
        jpeg[0] = (byte) 0xFF;
        jpeg[1] = (byte) 0xD8;
        jpeg[2] = (byte) 0xFF;
        assertTrue(reason(jpeg).startsWith("cannot be decoded: "), reason(jpeg));
    }

    private static String reason(byte[] bytes) {
        return assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(bytes)).getMessage();
    }

    private static BufferedImage sixPixels(int type) {
        BufferedImage image = new BufferedImage(3, 2, type);
        for (int i = 0; i < 6; i++) {
            int rgb = (SIX_PIXELS[3 * i] & 0xFF) << 16 | (SIX_PIXELS[3 * i + 1] & 0xFF) << 8 | SIX_PIXELS[3 * i + 2] & 0xFF;
            image.setRGB(i % 3, i / 3, 0xFF000000 | rgb);
        }
        return image;
    }

    private static byte[] emptyPng(int width, int height) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
        chunk(out, "IHDR", ByteBuffer.allocate(13).putInt(width).putInt(height).put(new byte[] {8, 2, 0, 0, 0}).array());
        ByteArrayOutputStream deflated = new ByteArrayOutputStream();
        try (DeflaterOutputStream deflater = new DeflaterOutputStream(deflated, new Deflater(9))) {
            deflater.write(new byte[1000]);
        }
        chunk(out, "IDAT", deflated.toByteArray());
        chunk(out, "IEND", new byte[0]);
        return out.toByteArray();
    }

    private static void chunk(ByteArrayOutputStream out, String type, byte[] data) throws IOException {
        byte[] name = type.getBytes(StandardCharsets.US_ASCII);
        CRC32 checksum = new CRC32();
        checksum.update(name);
        checksum.update(data);
        out.write(ByteBuffer.allocate(4).putInt(data.length).array());
        out.write(name);
        out.write(data);
        out.write(ByteBuffer.allocate(4).putInt((int) checksum.getValue()).array());
    }
}
