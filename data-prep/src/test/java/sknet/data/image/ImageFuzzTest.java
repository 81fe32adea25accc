package sknet.data.image;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import sknet.data.image.jpeg.TestJpegs;
import sknet.data.image.jpeg.TestJpegs.Kind;
import sknet.fuzz.Fuzzing;
import sknet.fuzz.Fuzzing.Finding;
import sknet.fuzz.Mutations;

/** Whatever becomes of an image file, it is decoded to as many pixels as it says, or refused with a reason. */
class ImageFuzzTest {
    private static final List<Class<? extends Exception>> ERRORS = List.of(UnreadableImageException.class);
    private static final long MOST_BYTES = 8 << 20;
    /** A byte may hold four empty blocks of 64 pixels, or eight of one of several scans, whose coefficients are kept. */
    private static final int MOST_TIMES_JPEG = 4096;
    /** A byte that is inflated is at most 1,032, of which each may hold eight pixels. */
    private static final int MOST_TIMES_PNG = 1032 * 8 * 4;

    @Test
    void jpeg() throws IOException {
        List<byte[]> files = new ArrayList<>();
        for (Kind kind : List.of(new Kind("1x1", 0.9f, false, 0), new Kind("2x2", 0.7f, false, 3), new Kind("2x1", 0.9f, true, 0),
            new Kind("2x2", 0.5f, true, 2))) {
            files.add(TestJpegs.encode(TestJpegs.photograph(75, 52, 3), kind));
        }
        files.add(TestImages.encode(grey(TestJpegs.photograph(40, 33, 4)), "jpg"));
        fuzz("JPEG", files, MOST_TIMES_JPEG);
    }

    @Test
    void png() throws IOException {
        BufferedImage picture = TestImages.picture(31, 22, 5);
        fuzz("PNG", List.of(TestImages.encode(picture, "png"), TestImages.encode(grey(picture), "png"),
            TestImages.encode(converted(picture, BufferedImage.TYPE_4BYTE_ABGR), "png"),
            TestImages.encode(converted(picture, BufferedImage.TYPE_BYTE_INDEXED), "png"),
            TestImages.encode(converted(picture, BufferedImage.TYPE_USHORT_GRAY), "png"),
            TestImages.encode(converted(picture, BufferedImage.TYPE_BYTE_BINARY), "png")), MOST_TIMES_PNG);
    }

    private static void fuzz(String format, List<byte[]> files, int mostTimes) throws IOException {
        Mutations mutations = new Mutations(1, files);
        List<RgbImage> originals = new ArrayList<>();
        for (byte[] file : files) {
            originals.add(decoded(file));
        }
        ImageSurveyor surveyor = new ImageSurveyor();
        new Fuzzing(format, ERRORS, MOST_BYTES, mostTimes).run(mutations::copy, file -> {
            ImageSurvey survey = surveyor.survey(file);
            RgbImage image = ImageDecoder.decode(file);
            if (image.pixels().length != 3 * image.width() * image.height() || survey.width() != image.width()) {
                throw new AssertionError("it is " + image.width() + "x" + image.height() + " in " + image.pixels().length + " bytes");
            }
            return originals.stream().anyMatch(original -> Arrays.equals(original.pixels(), image.pixels())) ? Finding.EQUAL : Finding.OTHER;
        });
    }

    private static RgbImage decoded(byte[] file) throws IOException {
        try {
            return ImageDecoder.decode(file);
        } catch (UnreadableImageException e) {
            throw new IOException(e);
        }
    }

    private static BufferedImage grey(BufferedImage image) {
        return converted(image, BufferedImage.TYPE_BYTE_GRAY);
    }

    private static BufferedImage converted(BufferedImage image, int type) {
        BufferedImage converted = new BufferedImage(image.getWidth(), image.getHeight(), type);
        converted.createGraphics().drawImage(image, 0, 0, null);
        return converted;
    }
}
