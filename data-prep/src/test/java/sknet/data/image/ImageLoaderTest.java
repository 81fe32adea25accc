package sknet.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.FloatBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sknet.data.image.jpeg.TestJpegs;
import sknet.data.order.SampleRandom;

class ImageLoaderTest {
    private static final float[] MEAN = {120, 110, 100};
    private static final TestJpegs.Kind USUAL = new TestJpegs.Kind("2x2", 0.9f, false, 0);

    private final ImageLoader loader = new ImageLoader();

    @Test
    void aPartOfAJpegIsThatOfTheWhole() throws Exception {
        ImageTransform[] transforms = {new RandomResizedCrop(96, 0.08, 1, 0.75, 4.0 / 3, 0.5), new ResizeCentreCrop(110, 96), new PadCrop(120, 9, 0.5)};
        for (String sampling : new String[] {"1x1", "2x1", "2x2"}) {
            byte[] file = TestJpegs.encode(TestJpegs.photograph(181, 143, 1), new TestJpegs.Kind(sampling, 0.9f, false, 0));
            for (int seed = 0; seed < 30; seed++) {
                ImageTransform transform = transforms[seed % transforms.length];
                assertArrayEquals(fromWhole(file, transform, seed), load(file, transform, seed), transform + " seed " + seed);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1x1", "2x1", "2x2"})
    void aPartThatIsShrunkMuchIsCloseToThatOfTheWhole(String sampling) throws Exception {
        byte[] file = TestJpegs.encode(TestJpegs.photograph(512, 400, 2), new TestJpegs.Kind(sampling, 0.9f, false, 0));
        int scaled = 0;
        for (int size : new int[] {32, 48, 64, 100}) {
            for (int seed = 0; seed < 8; seed++) {
                ImageTransform transform = seed == 0 ? new ResizeCentreCrop(size * 8 / 7, size)
                        : new RandomResizedCrop(size, 0.08, 1, 0.75, 4.0 / 3, 0.5);
                float[] expected = fromWhole(file, transform, seed);
                float[] actual = load(file, transform, seed);
                double sum = 0;
                for (int i = 0; i < expected.length; i++) {
                    sum += Math.abs(expected[i] - actual[i]);
                }
                scaled += sum > 0 ? 1 : 0;
                assertTrue(sum / expected.length < 2, transform + " seed " + seed + ": " + sum / expected.length);
            }
        }
        assertTrue(scaled > 10, "scaled: " + scaled);
    }

    @Test
    void aScaledPartLiesWhereItShould() throws Exception {
        BufferedImage ramp = new BufferedImage(800, 600, BufferedImage.TYPE_3BYTE_BGR);
        for (int y = 0; y < 600; y++) {
            for (int x = 0; x < 800; x++) {
                ramp.setRGB(x, y, x / 4 << 16 | y / 4 << 8 | 100);
            }
        }
        byte[] file = TestJpegs.encode(ramp, new TestJpegs.Kind("1x1", 1, false, 0));
        for (int size : new int[] {17, 40, 90}) {
            for (int seed = 0; seed < 20; seed++) {
                ImageTransform transform = new RandomResizedCrop(size, 0.08, 1, 0.75, 4.0 / 3, 0.5);
                assertArrayEquals(fromWhole(file, transform, seed), load(file, transform, seed), 0.6f);
            }
        }
    }

    @Test
    void aPngNamedJpegIsDecoded() throws Exception {
        byte[] file = TestImages.encode(TestImages.picture(60, 50, 1), "png");
        ImageTransform transform = new RandomResizedCrop(24, 0.08, 1, 0.75, 4.0 / 3, 0.5);
        assertArrayEquals(fromWhole(file, transform, 3), load(file, transform, 3));
    }

    @Test
    void damageInThePartIsNamed() throws Exception {
        byte[] file = TestJpegs.encode(TestJpegs.photograph(181, 143, 1), USUAL);
        byte[] half = Arrays.copyOf(file, file.length / 2);
        assertEquals("is truncated", assertThrows(UnreadableImageException.class, () -> load(half, new ResizeCentreCrop(96, 96), 0)).getMessage());
    }

    private float[] load(byte[] file, ImageTransform transform, int seed) throws UnreadableImageException {
        FloatBuffer out = FloatBuffer.allocate(3 * transform.size() * transform.size());
        loader.load(file, transform, new SampleRandom(seed, 0, 0), MEAN, out, 0);
        return out.array();
    }

    private static float[] fromWhole(byte[] file, ImageTransform transform, int seed) throws UnreadableImageException {
        FloatBuffer out = FloatBuffer.allocate(3 * transform.size() * transform.size());
        transform.apply(ImageDecoder.decode(file), new SampleRandom(seed, 0, 0), MEAN, out, 0);
        return out.array();
    }
}
