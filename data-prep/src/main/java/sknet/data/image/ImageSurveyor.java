package sknet.data.image;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import sknet.data.image.jpeg.JpegDecoder;
import sknet.data.image.jpeg.JpegException;
import sknet.data.image.jpeg.Region;
import sknet.data.image.jpeg.Scale;

/** Decodes images whole to prove that they can be, and adds up their samples, row by row without keeping them. For one thread. */
public final class ImageSurveyor {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EVEN_BYTES = 0x00FF00FF00FF00FFL;
    private static final long EVEN_SHORTS = 0x0000FFFF0000FFFFL;
    /** So many pairs of bytes fit in a short. */
    private static final int MOST_ADDED = Long.BYTES * (0xFFFF / (2 * 0xFF));

    private final JpegDecoder jpeg = new JpegDecoder();

    /**
     * Decodes an image.
     *
     * @param bytes a JPEG or PNG file
     * @throws UnreadableImageException if it cannot be decoded; see {@link ImageDecoder#decode}
     */
    public ImageSurvey survey(byte[] bytes) throws UnreadableImageException {
        if (!ImageDecoder.isJpeg(bytes)) {
            return of(ImageDecoder.decode(bytes));
        }
        try {
            jpeg.open(bytes);
            int width = jpeg.width();
            int height = jpeg.height();
            ImageDecoder.checkSize(width, height);
            long[] sums = new long[RgbImage.CHANNELS];
            jpeg.decode(Region.whole(width, height), Scale.FULL, (y, red, green, blue, start) -> {
                sums[0] += sum(red, start, start + width);
                sums[1] += sum(green, start, start + width);
                sums[2] += sum(blue, start, start + width);
            });
            return new ImageSurvey(width, height, sums[0], sums[1], sums[2]);
        } catch (JpegException e) {
            throw new UnreadableImageException(e.getMessage(), e);
        }
    }

    private static ImageSurvey of(RgbImage image) {
        byte[] pixels = image.pixels();
        long red = 0;
        long green = 0;
        long blue = 0;
        for (int i = 0; i < pixels.length; i += RgbImage.CHANNELS) {
            red += pixels[i] & 0xFF;
            green += pixels[i + 1] & 0xFF;
            blue += pixels[i + 2] & 0xFF;
        }
        return new ImageSurvey(image.width(), image.height(), red, green, blue);
    }

    /** Eight at a time: in a long there is room for the sums of four. */
    private static long sum(byte[] samples, int start, int end) {
        long sum = 0;
        int i = start;
        while (end - i >= Long.BYTES) {
            long four = 0;
            int stop = Math.min(end - Long.BYTES, i + MOST_ADDED - Long.BYTES);
            for (; i <= stop; i += Long.BYTES) {
                long eight = (long) LONGS.get(samples, i);
                four += (eight & EVEN_BYTES) + (eight >>> 8 & EVEN_BYTES);
            }
            long two = (four & EVEN_SHORTS) + (four >>> 16 & EVEN_SHORTS);
            sum += (two & 0xFFFFFFFFL) + (two >>> 32);
        }
        for (; i < end; i++) {
            sum += samples[i] & 0xFF;
        }
        return sum;
    }
}
