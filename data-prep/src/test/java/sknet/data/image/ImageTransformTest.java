package sknet.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import sknet.data.order.SampleRandom;

class ImageTransformTest {
    private static final float[] NO_MEAN = {0, 0, 0};
    private static final float[] MEAN = {1, 2, 3};

    @Test
    void anImageOfTheRightSizeIsCopiedExactlyAsPlanesWithoutTheMean() {
        RgbImage image = new RgbImage(2, 2, new byte[] {1, 2, 3, 11, 12, 13, 21, 22, 23, (byte) 251, (byte) 252, (byte) 253});
        float[] expected = {0, 10, 20, 250, 0, 10, 20, 250, 0, 10, 20, 250};
        assertArrayEquals(expected, apply(new ResizeCentreCrop(2, 2), image, MEAN, 0));
        assertArrayEquals(expected, apply(new PadCrop(2, 0, 0), image, MEAN, 0));
        assertArrayEquals(expected, apply(new RandomResizedCrop(2, 1, 1, 1, 1, 0), image, MEAN, 0));
    }

    @Test
    void enlargedTheCentreFillsTheOutput() {
        byte[] pixels = new byte[3 * 9 * 8];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (5 * i + i / 27);
        }
        RgbImage image = new RgbImage(9, 8, pixels);
        ResizeCentreCrop whole = new ResizeCentreCrop(4, 4);
        assertArrayEquals(apply(whole, image, MEAN, 0), apply(whole.enlarged(1), image, MEAN, 0));
        // At 2x the pixels keep their size: from column (9 - 4) / 2, row (8 - 4) / 2.
        float[] twice = apply(whole.enlarged(2), image, NO_MEAN, 0);
        for (int channel = 0; channel < 3; channel++) {
            for (int y = 0; y < 4; y++) {
                for (int x = 0; x < 4; x++) {
                    assertEquals(pixels[3 * ((y + 2) * 9 + x + 2) + channel] & 0xFF, twice[(channel * 4 + y) * 4 + x]);
                }
            }
        }
        assertEquals(new ResizeCentreCrop(384, 224), new ResizeCentreCrop(256, 224).enlarged(1.5));
        assertEquals("Cannot enlarge images: scale is 0.5 (expected 1 to 100)",
                assertThrows(IllegalArgumentException.class, () -> whole.enlarged(0.5)).getMessage());
    }

    @Test
    void onlyTheGivenPartOfTheBufferIsWritten() {
        FloatBuffer out = FloatBuffer.allocate(3 + 3 + 3);
        new ResizeCentreCrop(1, 1).apply(new RgbImage(1, 1, new byte[] {5, 6, 7}), random(0), NO_MEAN, out, 3);
        assertArrayEquals(new float[] {0, 0, 0, 5, 6, 7, 0, 0, 0}, out.array());
        assertEquals(0, out.position());
    }

    @Test
    void halvingWeighsFourSamplesOneThreeThreeOne() {
        // A triangle of half-width 2 about the centre between two samples: 1/8, 3/8, 3/8, 1/8; at the border 3/7, 3/7, 1/7.
        Axis axis = Axis.of(0, 8, 4, 0, 4);
        assertArrayEquals(new int[] {0, 1, 3, 5}, axis.first());
        assertArrayEquals(new int[] {3, 4, 4, 3}, axis.count());
        assertArrayEquals(new float[] {3f / 7, 3f / 7, 1f / 7}, weights(axis, 0));
        assertArrayEquals(new float[] {0.125f, 0.375f, 0.375f, 0.125f}, weights(axis, 1));
        assertArrayEquals(new float[] {1f / 7, 3f / 7, 3f / 7}, weights(axis, 3));
    }

    @Test
    void doublingInterpolatesAtQuarters() {
        Axis axis = Axis.of(0, 2, 4, 0, 4);
        assertArrayEquals(new float[] {1}, weights(axis, 0));
        assertArrayEquals(new float[] {0.75f, 0.25f}, weights(axis, 1));
        assertArrayEquals(new float[] {0.25f, 0.75f}, weights(axis, 2));
        assertArrayEquals(new float[] {1}, weights(axis, 3));
    }

    @Test
    void aCropUsesNothingOutsideIt() {
        Axis axis = Axis.of(10, 5, 3, 0, 3);
        for (int i = 0; i < 3; i++) {
            assertTrue(axis.first()[i] >= 10 && axis.first()[i] + axis.count()[i] <= 15);
        }
    }

    @Test
    void resamplingIsTheProductOfBothAxes() {
        // 4x2 -> 2x2 keeps the rows; red is 0, 70, 140, 210 in the first row and a tenth in the second.
        byte[] pixels = new byte[4 * 2 * 3];
        int[] red = {0, 70, 140, 210, 7, 14, 21, 28};
        for (int i = 0; i < red.length; i++) {
            pixels[3 * i] = (byte) red[i];
        }
        FloatBuffer out = FloatBuffer.allocate(12);
        new Resampler().write(new RgbImage(4, 2, pixels), new Window(new Box(0, 0, 4, 2), 2, 2, 0, 0, 2, Mirror.PLAIN), NO_MEAN, out, 0);
        float[] expected = {50, 160, 12, 23};
        assertArrayEquals(expected, Arrays.copyOf(out.array(), 4), 1e-4f);
    }

    @Test
    void aConstantImageStaysConstantWhateverTheScale() {
        for (ImageTransform transform : new ImageTransform[] {new RandomResizedCrop(24, 0.08, 1, 0.75, 4.0 / 3, 0.5),
            new ResizeCentreCrop(37, 24), new PadCrop(24, 0, 0.5)}) {
            RgbImage image = constant(53, 31, 100);
            for (int seed = 0; seed < 50; seed++) {
                for (float value : apply(transform, image, NO_MEAN, seed)) {
                    assertEquals(100, value, 1e-4f);
                }
            }
        }
    }

    @Test
    void theShorterSideIsResizedAndTheCentreTaken() {
        // 6x3, red counts columns: resize 3 keeps the samples, the centre square is columns 1 to 3 of 0 to 5, rounded down.
        RgbImage wide = columns(6, 3);
        assertArrayEquals(new float[] {1, 2, 3, 1, 2, 3, 1, 2, 3},
                Arrays.copyOf(apply(new ResizeCentreCrop(3, 3), wide, NO_MEAN, 0), 9));
        RgbImage tall = columns(3, 8);
        assertArrayEquals(new float[] {1}, Arrays.copyOf(apply(new ResizeCentreCrop(3, 1), tall, NO_MEAN, 0), 1));
    }

    @Test
    void evaluationIgnoresTheRandomNumbers() {
        RgbImage image = columns(9, 7);
        ImageTransform transform = new ResizeCentreCrop(6, 5);
        assertArrayEquals(apply(transform, image, MEAN, 1), apply(transform, image, MEAN, 2));
    }

    @Test
    void flippingReversesEachRow() {
        RgbImage image = columns(4, 4);
        float[] plain = apply(new PadCrop(4, 0, 0), image, MEAN, 0);
        float[] flipped = apply(new PadCrop(4, 0, 1), image, MEAN, 0);
        for (int row = 0; row < 12; row++) {
            for (int x = 0; x < 4; x++) {
                assertEquals(plain[row * 4 + x], flipped[row * 4 + 3 - x]);
            }
        }
    }

    @Test
    void paddingHasTheMeansColourAndEveryShiftOccurs() {
        RgbImage image = constant(4, 4, 50);
        Set<String> shapes = new HashSet<>();
        for (int seed = 0; seed < 500; seed++) {
            float[] out = apply(new PadCrop(4, 1, 0), image, MEAN, seed);
            StringBuilder shape = new StringBuilder();
            for (int i = 0; i < 16; i++) {
                assertTrue(out[i] == 0 || out[i] == 49, "value " + out[i]);
                shape.append(out[i] == 0 ? '.' : '#');
            }
            shapes.add(shape.toString());
        }
        assertEquals(9, shapes.size(), shapes::toString);
        assertTrue(shapes.contains("....###.###.###."), shapes::toString);
        assertTrue(shapes.contains("################"), shapes::toString);
    }

    @Test
    void aWindowBesideTheImageIsAllMean() {
        FloatBuffer out = FloatBuffer.wrap(new float[] {9, 9, 9});
        new Resampler().write(constant(2, 2, 50), new Window(new Box(0, 0, 2, 2), 2, 2, 5, -3, 1, Mirror.PLAIN), MEAN, out, 0);
        assertArrayEquals(new float[] {0, 0, 0}, out.array());
    }

    @Test
    void croppedAreasAndFlipsFollowTheirRanges() {
        // Red counts columns, green rows: the corners of the output tell which box was taken.
        byte[] pixels = new byte[100 * 100 * 3];
        for (int i = 0; i < 10_000; i++) {
            pixels[3 * i] = (byte) (i % 100);
            pixels[3 * i + 1] = (byte) (i / 100);
        }
        RgbImage image = new RgbImage(100, 100, pixels);
        int flips = 0;
        double smallest = 1;
        double largest = 0;
        for (int seed = 0; seed < 1000; seed++) {
            float[] out = apply(new RandomResizedCrop(50, 0.25, 0.81, 0.5, 2, 0.5), image, NO_MEAN, seed);
            double width = (out[49] - out[0]) * 50 / 49;
            double height = (out[2500 + 49 * 50] - out[2500]) * 50 / 49;
            flips += width < 0 ? 1 : 0;
            double area = Math.abs(width) * height / 10_000;
            smallest = Math.min(smallest, area);
            largest = Math.max(largest, area);
            assertTrue(Math.abs(width) / height > 0.45 && Math.abs(width) / height < 2.2, width + "x" + height);
        }
        assertEquals(500, flips, 70);
        assertEquals(0.25, smallest, 0.03);
        assertEquals(0.81, largest, 0.04);
    }

    @Test
    void anImageThatHoldsNoAllowedShapeIsCroppedInItsCentre() {
        RgbImage image = columns(60, 2);
        float[] out = apply(new RandomResizedCrop(2, 1, 1, 0.75, 4.0 / 3, 0), image, NO_MEAN, 0);
        // The widest allowed part of two rows is 3 columns of 60, from (60 - 3) / 2 on: 28, 29, 30.
        assertEquals(28.3f, out[0], 0.1f);
        assertEquals(29.7f, out[1], 0.1f);
    }

    @Test
    void impossibleSettingsAreNamed() {
        assertEquals("Cannot crop images: area is 0.5 to 0.2 (expected a range in 0 to 1)",
                message(() -> new RandomResizedCrop(8, 0.5, 0.2, 1, 1, 0)));
        assertEquals("Cannot crop images: ratio is 0.0 to 1.0 (expected a range above 0)",
                message(() -> new RandomResizedCrop(8, 0.5, 1, 0, 1, 0)));
        assertEquals("Cannot crop images: size is 0 (expected 1 or more)",
                message(() -> new RandomResizedCrop(0, 0.5, 1, 1, 1, 0)));
        assertEquals("Cannot flip images: flipProbability is NaN (expected 0 to 1)",
                message(() -> new PadCrop(8, 4, Double.NaN)));
        assertEquals("Cannot crop images: size is 8 and padding -1 (expected 1 or more, 0 or more)",
                message(() -> new PadCrop(8, -1, 0)));
        assertEquals("Cannot crop images: resize is 7 and size 8 (expected size of 1 or more, and resize at least size)",
                message(() -> new ResizeCentreCrop(7, 8)));
    }

    private static String message(Executable constructor) {
        return assertThrows(IllegalArgumentException.class, constructor).getMessage();
    }

    private static float[] apply(ImageTransform transform, RgbImage image, float[] mean, int seed) {
        FloatBuffer out = FloatBuffer.allocate(3 * transform.size() * transform.size());
        transform.apply(image, random(seed), mean, out, 0);
        return out.array();
    }

    private static SampleRandom random(int seed) {
        return new SampleRandom(seed, 0, 0);
    }

    private static float[] weights(Axis axis, int output) {
        return Arrays.copyOfRange(axis.weight(), output * axis.stride(), output * axis.stride() + axis.count()[output]);
    }

    private static RgbImage constant(int width, int height, int value) {
        byte[] pixels = new byte[3 * width * height];
        Arrays.fill(pixels, (byte) value);
        return new RgbImage(width, height, pixels);
    }

    /** All channels count the columns. */
    private static RgbImage columns(int width, int height) {
        byte[] pixels = new byte[3 * width * height];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i / 3 % width);
        }
        return new RgbImage(width, height, pixels);
    }
}
