package sknet.data.image.jpeg;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class JpegDecoderTest {
    private final JpegDecoder decoder = new JpegDecoder();

    static List<TestJpegs.Kind> kinds() {
        List<TestJpegs.Kind> kinds = new ArrayList<>();
        for (String sampling : new String[] {"1x1", "2x1", "2x2", "4x1"}) {
            for (float quality : new float[] {0.05f, 0.5f, 0.9f, 1}) {
                kinds.add(new TestJpegs.Kind(sampling, quality, false, 0));
            }
            kinds.add(new TestJpegs.Kind(sampling, 0.8f, true, 0));
            kinds.add(new TestJpegs.Kind(sampling, 0.8f, false, 3));
        }
        return kinds;
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void everyPixelIsThatOfTheJdksDecoder(TestJpegs.Kind kind) throws Exception {
        for (int[] size : new int[][] {{1, 1}, {3, 2}, {5, 17}, {16, 16}, {33, 40}, {97, 59}, {130, 121}}) {
            byte[] file = TestJpegs.encode(TestJpegs.photograph(size[0], size[1], 7), kind);
            assertArrayEquals(jdk(file), whole(file), size[0] + "x" + size[1]);
        }
    }

    @Test
    void greyIsThatOfTheJdksDecoder() throws Exception {
        BufferedImage grey = new BufferedImage(61, 45, BufferedImage.TYPE_BYTE_GRAY);
        grey.getGraphics().drawImage(TestJpegs.photograph(61, 45, 3), 0, 0, null);
        byte[] file = TestJpegs.encode(grey, new TestJpegs.Kind(null, 0.7f, false, 0));
        assertArrayEquals(jdk(file), whole(file));
    }

    /** Versions of libjpeg differ: the one of Linux distributions interpolates, the one within the JDK repeats. */
    @Test
    void halvedRowsAreInterpolated() throws Exception {
        byte[] file = TestJpegs.encode(TestJpegs.photograph(97, 59, 7), new TestJpegs.Kind("1x2", 0.9f, false, 0));
        assertEquals(0, difference(jdk(file), whole(file)), 1.5);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aRegionHasThePixelsOfTheWhole(TestJpegs.Kind kind) throws Exception {
        int width = 150;
        int height = 133;
        byte[] file = TestJpegs.encode(TestJpegs.photograph(width, height, 9), kind);
        byte[] whole = whole(file);
        Random random = new Random(1);
        for (int i = 0; i < 40; i++) {
            int x = random.nextInt(width);
            int y = random.nextInt(height);
            Region region = new Region(x, y, 1 + random.nextInt(width - x), 1 + random.nextInt(height - y));
            byte[] part = decode(file, region, Scale.FULL);
            for (int row = 0; row < region.height(); row++) {
                int start = 3 * ((y + row) * width + x);
                assertTrue(Arrays.equals(whole, start, start + 3 * region.width(), part, 3 * row * region.width(),
                        3 * (row + 1) * region.width()), region + " row " + row);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aScaledImageIsCloseToTheMeanOfItsPixelsUnlessColoursAreVeryCoarse(TestJpegs.Kind kind) throws Exception {
        int width = 133;
        int height = 117;
        byte[] file = TestJpegs.encode(TestJpegs.photograph(width, height, 5), kind);
        byte[] whole = whole(file);
        for (Scale scale : new Scale[] {Scale.HALF, Scale.QUARTER}) {
            Region region = Region.whole(scale.length(width), scale.length(height));
            double difference = difference(means(whole, width, height, scale), decode(file, region, scale));
            assertTrue(difference < (kind.sampling().equals("4x1") ? 8 : 4), scale + ": " + difference);
        }
    }

    @Test
    void inksAreConvertedAsPilDoes() throws Exception {
        byte[] file = TestJpegs.encodeRaw(noise(4));
        Raster inks = TestJpegs.decodeRaw(file);
        byte[] rgb = whole(TestJpegs.withAdobe(file, 0));
        for (int i = 0; i < rgb.length / 3; i++) {
            int[] ink = inks.getPixel(i % 40, i / 40, (int[]) null);
            for (int channel = 0; channel < 3; channel++) {
                // PIL: nk - (255 - c) * nk / 255, with its rounding; inks are stored inverted.
                int product = (255 - ink[channel]) * ink[3] + 128;
                assertEquals(ink[3] - (product + (product >> 8) >> 8), rgb[3 * i + channel] & 0xFF);
            }
        }
        assertArrayEquals(rgb, whole(file));
    }

    @Test
    void inksInYccAreConvertedToo() throws Exception {
        byte[] file = TestJpegs.encodeRaw(noise(4));
        Raster stored = TestJpegs.decodeRaw(file);
        byte[] rgb = whole(TestJpegs.withAdobe(file, 2));
        for (int i = 0; i < rgb.length / 3; i++) {
            int[] ycck = stored.getPixel(i % 40, i / 40, (int[]) null);
            double red = Math.max(0, Math.min(255, ycck[0] + 1.402 * (ycck[2] - 128)));
            assertEquals((255 - red) * ycck[3] / 255, rgb[3 * i] & 0xFF, 1.5);
        }
    }

    @Test
    void adobesSegmentTellsRgbFromYcc() throws Exception {
        byte[] file = TestJpegs.encodeRaw(noise(3));
        Raster stored = TestJpegs.decodeRaw(file);
        byte[] rgb = whole(TestJpegs.withAdobe(file, 0));
        for (int i = 0; i < rgb.length; i++) {
            assertEquals(stored.getSample(i / 3 % 40, i / 120, i % 3), rgb[i] & 0xFF);
        }
    }

    @Test
    void orientationIsNotApplied() throws Exception {
        byte[] file = TestJpegs.encode(TestJpegs.photograph(30, 20, 2), new TestJpegs.Kind("2x2", 0.8f, false, 0));
        byte[] exif = {'E', 'x', 'i', 'f', 0, 0, 'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0};
        assertArrayEquals(whole(file), whole(TestJpegs.withSegment(file, 0xE1, exif)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aFileThatEndsEarlyIsTruncated(TestJpegs.Kind kind) throws Exception {
        byte[] file = TestJpegs.encode(TestJpegs.photograph(64, 48, 4), kind);
        for (int length = 2; length < file.length - 20; length += 1 + length / 20) {
            byte[] part = Arrays.copyOf(file, length);
            String reason = assertThrows(JpegException.class, () -> whole(part)).getMessage();
            assertTrue(reason.equals("is truncated") || reason.startsWith("cannot be decoded: "), length + ": " + reason);
        }
        assertArrayEquals(whole(file), whole(Arrays.copyOf(file, file.length - 2)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void damageIsRefusedOrDecoded(TestJpegs.Kind kind) throws Exception {
        byte[] file = TestJpegs.encode(TestJpegs.photograph(48, 40, 4), kind);
        Random random = new Random(3);
        for (int i = 0; i < 150; i++) {
            byte[] damaged = file.clone();
            for (int k = 0; k < 1 + i % 4; k++) {
                damaged[2 + random.nextInt(file.length - 2)] = (byte) random.nextInt(256);
            }
            try {
                decoder.open(damaged);
                if (decoder.width() * (long) decoder.height() <= 1 << 20) {
                    whole(damaged);
                }
            } catch (JpegException e) {
                assertTrue(e.getMessage().startsWith("is ") || e.getMessage().startsWith("cannot be decoded: "), e.getMessage());
            }
        }
    }

    /** Codes alone tell it, with or without their coefficients. */
    @ParameterizedTest
    @MethodSource("kinds")
    void anEighthFindsTheDamageThatTheWholeDoes(TestJpegs.Kind kind) throws Exception {
        byte[] file = TestJpegs.encode(TestJpegs.photograph(88, 72, 4), kind);
        Random random = new Random(5);
        int refused = 0;
        for (int i = 0; i < 400; i++) {
            byte[] damaged = Arrays.copyOf(file, i % 4 == 0 ? 2 + random.nextInt(file.length) : file.length);
            for (int k = 0; k < i % 4; k++) {
                // What decides the image's size stays as it is.
                int place = random.nextInt(file.length);
                damaged[place < file.length / 4 ? file.length - 1 - place : place] = (byte) random.nextInt(256);
            }
            String whole = failure(damaged, Scale.FULL);
            assertEquals(whole, failure(damaged, Scale.EIGHTH));
            refused += whole.isEmpty() ? 0 : 1;
        }
        assertTrue(refused > 100, refused + " were refused");
    }

    @Test
    void anEighthIsTheMeanOfItsPixels() throws Exception {
        byte[] file = TestJpegs.encode(TestJpegs.photograph(136, 120, 5), new TestJpegs.Kind("1x1", 0.9f, false, 0));
        byte[] eighth = decode(file, Region.whole(17, 15), Scale.EIGHTH);
        assertEquals(0, difference(means(whole(file), 136, 120, Scale.EIGHTH), eighth), 1);
    }

    @Test
    void whatIsNotSupportedIsNamed() throws Exception {
        byte[] file = TestJpegs.encode(TestJpegs.photograph(48, 40, 4), new TestJpegs.Kind("2x2", 0.8f, false, 0));
        int frame = indexOf(file, 0xC0);
        byte[] arithmetic = file.clone();
        arithmetic[frame + 1] = (byte) 0xC9;
        assertEquals("cannot be decoded: its coding process 0xc9 is not supported", reason(arithmetic));
        byte[] twelveBits = file.clone();
        twelveBits[frame + 4] = 12;
        assertEquals("cannot be decoded: samples of 12 bits are not supported", reason(twelveBits));
        byte[] sampling = file.clone();
        sampling[frame + 11] = 0x31;
        sampling[frame + 14] = 0x21;
        assertEquals("cannot be decoded: a sampling of 2x1 is not supported", reason(sampling));
    }

    @Test
    void aShortFileIsRefusedBeforeItsManyPixelsAreMadeRoomFor() throws Exception {
        for (boolean progressive : new boolean[] {false, true}) {
            byte[] file = TestJpegs.encode(TestJpegs.photograph(48, 40, 4), new TestJpegs.Kind("2x2", 0.8f, progressive, 0));
            int frame = indexOf(file, progressive ? 0xC2 : 0xC0);
            Arrays.fill(file, frame + 5, frame + 9, (byte) 0xFF);
            decoder.open(file);
            assertEquals(65_535, decoder.width());
            assertEquals("is truncated", assertThrows(JpegException.class,
                    () -> decoder.decode(new Region(0, 0, 8, 8), Scale.FULL, (y, red, green, blue, start) -> { })).getMessage());
        }
    }

    private String reason(byte[] file) {
        return assertThrows(JpegException.class, () -> whole(file)).getMessage();
    }

    private String failure(byte[] file, Scale scale) {
        try {
            decoder.open(file);
            decode(file, Region.whole(scale.length(decoder.width()), scale.length(decoder.height())), scale);
            return "";
        } catch (JpegException e) {
            return e.getMessage();
        }
    }

    private byte[] whole(byte[] file) throws JpegException {
        decoder.open(file);
        return decode(file, Region.whole(decoder.width(), decoder.height()), Scale.FULL);
    }

    private byte[] decode(byte[] file, Region region, Scale scale) throws JpegException {
        decoder.open(file);
        byte[] pixels = new byte[3 * region.width() * region.height()];
        decoder.decode(region, scale, (y, red, green, blue, start) -> {
            for (int x = 0; x < region.width(); x++) {
                int target = 3 * ((y - region.y()) * region.width() + x);
                pixels[target] = red[start + x];
                pixels[target + 1] = green[start + x];
                pixels[target + 2] = blue[start + x];
            }
        });
        return pixels;
    }

    private static byte[] jdk(byte[] file) throws IOException {
        Raster raster = ImageIO.read(new ByteArrayInputStream(file)).getRaster();
        byte[] pixels = new byte[3 * raster.getWidth() * raster.getHeight()];
        for (int i = 0; i < pixels.length; i++) {
            int pixel = i / 3;
            pixels[i] = (byte) raster.getSample(pixel % raster.getWidth(), pixel / raster.getWidth(), raster.getNumBands() == 1 ? 0 : i % 3);
        }
        return pixels;
    }

    private static byte[] means(byte[] whole, int width, int height, Scale scale) {
        int factor = scale.factor();
        byte[] means = new byte[3 * scale.length(width) * scale.length(height)];
        for (int i = 0; i < means.length; i++) {
            int x = i / 3 % scale.length(width) * factor;
            int y = i / 3 / scale.length(width) * factor;
            int sum = 0;
            for (int k = 0; k < factor * factor; k++) {
                int column = Math.min(width - 1, x + k % factor);
                sum += whole[3 * (Math.min(height - 1, y + k / factor) * width + column) + i % 3] & 0xFF;
            }
            means[i] = (byte) (sum / (factor * factor));
        }
        return means;
    }

    private static double difference(byte[] a, byte[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += Math.abs((a[i] & 0xFF) - (b[i] & 0xFF));
        }
        return sum / a.length;
    }

    private static WritableRaster noise(int bands) {
        WritableRaster raster = Raster.createInterleavedRaster(0, 40, 24, bands, null);
        Random random = new Random(8);
        for (int y = 0; y < 24; y++) {
            for (int x = 0; x < 40; x++) {
                for (int band = 0; band < bands; band++) {
                    raster.setSample(x, y, band, Math.min(255, x * 5 + y * (band + 1) + random.nextInt(30)));
                }
            }
        }
        return raster;
    }

    private static int indexOf(byte[] file, int marker) {
        for (int i = 0; i + 1 < file.length; i++) {
            if (file[i] == (byte) 0xFF && file[i + 1] == (byte) marker) {
                return i;
            }
        }
        throw new AssertionError("no marker " + marker);
    }
}
