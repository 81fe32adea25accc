package sknet.data.image;

import java.nio.FloatBuffer;
import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import sknet.data.image.jpeg.Region;
import sknet.data.image.jpeg.RowSink;

/**
 * Resizes the rows of an image while they come, into CHW float32 with the mean subtracted. Keeps its memory from image to image;
 * for one thread.
 *
 * <p>Rows are combined first, for that goes over neighbouring values; the columns of the few rows that result then.
 */
final class Resampler implements RowSink {
    private static final VectorSpecies<Float> FLOATS = IntVector.SPECIES_PREFERRED.length() >= IntVector.SPECIES_512.length()
            ? FloatVector.SPECIES_512 : FloatVector.SPECIES_256;
    private static final VectorSpecies<Byte> BYTES = FLOATS.length() == ByteVector.SPECIES_128.length() ? ByteVector.SPECIES_128
            : ByteVector.SPECIES_64;
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());
    private static final int LANES = FLOATS.length();
    private static final int TAPS = 4;

    private final byte[][] planes = new byte[RgbImage.CHANNELS][];
    private Axis columns;
    private Axis rows;
    private float[] mean;
    private FloatBuffer out;
    private int offset;
    private int size;
    private int firstColumn;
    /** Of a channel in a row, rounded up to whole vectors. */
    private int width;
    private int next;
    /** The last source rows, as many as an output row is made of, each channel by channel. */
    private float[] recent = new float[0];
    private float[] combined = new float[0];
    private float[][] lines = new float[RgbImage.CHANNELS][0];
    private final int[] tapStart = new int[TAPS];
    private final float[] tapWeight = new float[TAPS];

    /** Writes an image that is decoded. */
    void write(RgbImage image, Window window, float[] mean, FloatBuffer out, int offset) {
        Region region = start(window, 1, mean, out, offset);
        for (int y = region.y(); y < region.y() + region.height(); y++) {
            spread(image, region, y);
            row(y, planes[0], planes[1], planes[2], 0);
        }
    }

    /**
     * Starts with an image; its output is complete with the last row of the region.
     *
     * @param factor by how much the image is shrunk already
     * @return the part of the shrunk image that the window shows; empty if it shows nothing
     */
    Region start(Window window, int factor, float[] mean, FloatBuffer out, int offset) {
        this.mean = mean;
        this.out = out;
        this.offset = offset;
        size = window.size();
        columns = window.columns(factor);
        rows = window.rows(factor);
        firstColumn = columns.lowest();
        int needed = columns.highest() - firstColumn;
        int firstRow = rows.lowest();
        width = (needed + LANES - 1) / LANES * LANES;
        int row = RgbImage.CHANNELS * width;
        if (combined.length < row + LANES) {
            combined = new float[row + LANES];
        }
        if (recent.length < rows.stride() * row) {
            recent = new float[rows.stride() * row];
        }
        if (lines[0].length != size) {
            lines = new float[RgbImage.CHANNELS][size];
        }
        next = 0;
        skipEmpty();
        return new Region(firstColumn, firstRow, needed, rows.highest() - firstRow);
    }

    @Override
    public void row(int y, byte[] red, byte[] green, byte[] blue, int start) {
        int slot = y % rows.stride() * RgbImage.CHANNELS * width;
        widen(red, start, recent, slot);
        widen(green, start, recent, slot + width);
        widen(blue, start, recent, slot + 2 * width);
        while (next < size && rows.first()[next] + rows.count()[next] == y + 1) {
            combine(next);
            narrow();
            put(next);
            next++;
            skipEmpty();
        }
    }

    /** Rows beside the image. */
    private void skipEmpty() {
        for (; next < size && rows.count()[next] == 0; next++) {
            for (float[] line : lines) {
                Arrays.fill(line, 0);
            }
            put(next);
        }
    }

    private void put(int row) {
        for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
            out.put(offset + (channel * size + row) * size, lines[channel], 0, size);
        }
    }

    private void widen(byte[] samples, int start, float[] target, int slot) {
        for (int x = 0; x < width; x += LANES) {
            IntVector whole = (IntVector) ByteVector.fromArray(BYTES, samples, start + x).convertShape(VectorOperators.B2I, INTS, 0);
            ((FloatVector) whole.and(0xFF).convertShape(VectorOperators.I2F, FLOATS, 0)).intoArray(target, slot + x);
        }
    }

    /** Four source rows at a time, the last of them with weights of zero where there are no more. */
    private void combine(int row) {
        int length = RgbImage.CHANNELS * width;
        int count = rows.count()[row];
        for (int k = 0; k < count; k += TAPS) {
            for (int i = 0; i < TAPS; i++) {
                int tap = Math.min(k + i, count - 1);
                tapStart[i] = (rows.first()[row] + tap) % rows.stride() * length;
                tapWeight[i] = k + i < count ? rows.weight()[row * rows.stride() + tap] : 0;
            }
            if (k == 0) {
                Arrays.fill(combined, 0, length, 0);
            }
            addTaps(length);
        }
    }

    private void addTaps(int length) {
        float[] source = recent;
        float[] sums = combined;
        int startA = tapStart[0];
        int startB = tapStart[1];
        int startC = tapStart[2];
        int startD = tapStart[3];
        FloatVector weightA = FloatVector.broadcast(FLOATS, tapWeight[0]);
        FloatVector weightB = FloatVector.broadcast(FLOATS, tapWeight[1]);
        FloatVector weightC = FloatVector.broadcast(FLOATS, tapWeight[2]);
        FloatVector weightD = FloatVector.broadcast(FLOATS, tapWeight[3]);
        for (int x = 0; x < length; x += LANES) {
            FloatVector sum = FloatVector.fromArray(FLOATS, sums, x);
            sum = FloatVector.fromArray(FLOATS, source, startA + x).fma(weightA, sum);
            sum = FloatVector.fromArray(FLOATS, source, startB + x).fma(weightB, sum);
            sum = FloatVector.fromArray(FLOATS, source, startC + x).fma(weightC, sum);
            FloatVector.fromArray(FLOATS, source, startD + x).fma(weightD, sum).intoArray(sums, x);
        }
    }

    /** The columns of all channels, into lines of their own. */
    private void narrow() {
        int[] first = columns.first();
        int[] count = columns.count();
        float[] weight = columns.weight();
        float[] source = combined;
        float[] red = lines[0];
        float[] green = lines[1];
        float[] blue = lines[2];
        for (int x = 0; x < red.length; x++) {
            if (count[x] == 0) {
                red[x] = 0;
                green[x] = 0;
                blue[x] = 0;
                continue;
            }
            float r = -mean[0];
            float g = -mean[1];
            float b = -mean[2];
            int place = first[x] - firstColumn;
            int start = x * columns.stride();
            for (int k = start; k < start + count[x]; k++) {
                float w = weight[k];
                r += w * source[place];
                g += w * source[place + width];
                b += w * source[place + 2 * width];
                place++;
            }
            red[x] = r;
            green[x] = g;
            blue[x] = b;
        }
    }

    /** A row of an image, channel by channel. */
    private void spread(RgbImage image, Region region, int y) {
        byte[] pixels = image.pixels();
        int source = RgbImage.CHANNELS * (y * image.width() + region.x());
        for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
            if (planes[channel] == null || planes[channel].length < width) {
                planes[channel] = new byte[width];
            }
            for (int x = 0; x < region.width(); x++) {
                planes[channel][x] = pixels[source + RgbImage.CHANNELS * x + channel];
            }
        }
    }
}
