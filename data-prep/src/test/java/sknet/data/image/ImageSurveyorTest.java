package sknet.data.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ImageSurveyorTest {
    private final ImageSurveyor surveyor = new ImageSurveyor();

    @ParameterizedTest
    @CsvSource({"jpg, 1, 1", "jpg, 7, 3", "jpg, 64, 48", "jpg, 1051, 20", "jpg, 3000, 9", "png, 64, 48", "png, 5, 1"})
    void itAddsUpTheSamplesOfTheWholeImage(String format, int width, int height) throws Exception {
        byte[] file = TestImages.encode(TestImages.picture(width, height, 3), format);
        byte[] pixels = ImageDecoder.decode(file).pixels();
        long[] sums = new long[3];
        for (int i = 0; i < pixels.length; i++) {
            sums[i % 3] += pixels[i] & 0xFF;
        }
        assertEquals(new ImageSurvey(width, height, sums[0], sums[1], sums[2]), surveyor.survey(file));
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
}
