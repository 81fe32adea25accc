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
    private float[] line = new float[0];

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
        if (line.length != size) {
            line = new float[size];
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
            for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
                narrow(channel * width - firstColumn, -mean[channel]);
                put(channel, next);
            }
            next++;
            skipEmpty();
        }
    }

    /** Rows beside the image. */
    private void skipEmpty() {
        for (; next < size && rows.count()[next] == 0; next++) {
            Arrays.fill(line, 0);
            for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
                put(channel, next);
            }
        }
    }

    private void put(int channel, int row) {
        out.put(offset + (channel * size + row) * size, line, 0, size);
    }

    private void widen(byte[] samples, int start, float[] target, int slot) {
        for (int x = 0; x < width; x += LANES) {
            IntVector whole = (IntVector) ByteVector.fromArray(BYTES, samples, start + x).convertShape(VectorOperators.B2I, INTS, 0);
            ((FloatVector) whole.and(0xFF).convertShape(VectorOperators.I2F, FLOATS, 0)).intoArray(target, slot + x);
        }
    }

    private void combine(int row) {
        int stride = rows.stride();
        int length = RgbImage.CHANNELS * width;
        int first = rows.first()[row];
        int count = rows.count()[row];
        for (int x = 0; x < length; x += LANES) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int k = 0; k < count; k++) {
                sum = FloatVector.fromArray(FLOATS, recent, (first + k) % stride * length + x)
                        .fma(FloatVector.broadcast(FLOATS, rows.weight()[row * stride + k]), sum);
            }
            sum.intoArray(combined, x);
        }
    }

    private void narrow(int start, float minusMean) {
        int[] first = columns.first();
        int[] count = columns.count();
        float[] weight = columns.weight();
        int stride = columns.stride();
        for (int x = 0; x < size; x++) {
            int source = start + first[x];
            int weights = x * stride;
            float sum = count[x] == 0 ? 0 : minusMean;
            for (int k = 0; k < count[x]; k++) {
                sum += weight[weights + k] * combined[source + k];
            }
            line[x] = sum;
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
