package sknet.data.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sknet.data.image.jpeg.TestJpegs;

class ImageSurveyorTest {
    private final ImageSurveyor surveyor = new ImageSurveyor();

    @ParameterizedTest
    @CsvSource({"64, 48", "5, 1"})
    void itAddsUpTheSamplesOfAPng(int width, int height) throws Exception {
        byte[] file = TestImages.encode(TestImages.picture(width, height, 3), "png");
        long[] sums = sums(file);
        assertEquals(new ImageSurvey(width, height, sums[0], sums[1], sums[2]), surveyor.survey(file));
    }

    @ParameterizedTest
    @CsvSource({"1x1, false, 0", "2x1, false, 0", "2x2, false, 0", "2x2, true, 0", "4x1, false, 3"})
    void theMeansOfAJpegAreCloseToThoseOfItsSamples(String sampling, boolean progressive, int restart) throws Exception {
        double[] total = new double[3];
        int images = 6;
        for (int seed = 0; seed < images; seed++) {
            int width = 161 + 13 * seed;
            int height = 149 - 5 * seed;
            byte[] file = TestJpegs.encode(TestJpegs.photograph(width, height, seed), new TestJpegs.Kind(sampling, 0.9f, progressive, restart));
            long[] exact = sums(file);
            ImageSurvey survey = surveyor.survey(file);
            long[] close = {survey.red(), survey.green(), survey.blue()};
            assertEquals(List.of(width, height), List.of(survey.width(), survey.height()));
            for (int channel = 0; channel < 3; channel++) {
                double difference = (close[channel] - exact[channel]) / (double) (width * height);
                assertEquals(0, difference, 0.3, "image " + seed + ", channel " + channel);
                total[channel] += difference;
            }
        }
        assertArrayEquals(new double[3], Arrays.stream(total).map(sum -> sum / images).toArray(), 0.15);
    }

    @ParameterizedTest
    @CsvSource({"17, 32", "32, 17"})
    void blocksAtTheEdgeCountAsTheirPixels(int width, int height) throws Exception {
        BufferedImage image = TestImages.plain(width, height, 0);
        for (int i = 0; i < 32; i++) {
            image.setRGB(width == 17 ? 16 : i, width == 17 ? i : 16, 0xFFFFFF);
        }
        ImageSurvey survey = surveyor.survey(TestJpegs.encode(image, new TestJpegs.Kind("1x1", 1, false, 0)));
        assertEquals(new ImageSurvey(width, height, 32 * 255, 32 * 255, 32 * 255), survey);
    }

    @ParameterizedTest
    @CsvSource({"4096", "4087"})
    void whiteIsTheLargestSum(int width) throws Exception {
        byte[] file = TestImages.encode(TestImages.plain(width, 2, 0xFFFFFF), "jpg");
        assertEquals(new ImageSurvey(width, 2, 510L * width, 510L * width, 510L * width), surveyor.survey(file));
    }

    @ParameterizedTest
    @CsvSource({"jpg", "png"})
    void whatCannotBeDecodedIsSaid(String format) throws Exception {
        byte[] file = TestImages.encode(TestImages.picture(64, 48, 1), format);
        assertThrows(UnreadableImageException.class, () -> surveyor.survey(Arrays.copyOf(file, file.length / 2)));
        assertEquals(64, surveyor.survey(file).width());
    }

    private static long[] sums(byte[] file) throws UnreadableImageException {
        byte[] pixels = ImageDecoder.decode(file).pixels();
        long[] sums = new long[3];
        for (int i = 0; i < pixels.length; i++) {
            sums[i % 3] += pixels[i] & 0xFF;
        }
        return sums;
    }
}
