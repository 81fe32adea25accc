package sknet.data.image;

import java.nio.FloatBuffer;
import java.util.Arrays;

/**
 * The square that a transform cuts out: a box of the image is thought of as resized, and the window lies somewhere over it.
 * Only what the window shows is computed; where it reaches beyond the resized box it shows the mean, that is zero.
 *
 * @param scaledWidth  width the box is resized to
 * @param scaledHeight height the box is resized to
 * @param left         window's left edge over the resized box; may be negative
 * @param top          window's upper edge
 * @param size         window's height and width
 */
record Window(Box box, int scaledWidth, int scaledHeight, int left, int top, int size, Mirror mirror) {

    /** Writes the window as CHW float32 with the mean subtracted; see {@link ImageTransform#apply}. */
    void write(RgbImage image, float[] mean, FloatBuffer out, int offset) {
        Axis columns = Axis.of(box.x(), box.width(), scaledWidth, left, size);
        Axis rows = Axis.of(box.y(), box.height(), scaledHeight, top, size);
        int firstRow = rows.lowest();
        int sourceRows = rows.highest() - firstRow;
        float[] narrowed = resizeRows(image, columns, firstRow, sourceRows, mean);
        float[] line = new float[size];
        for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
            for (int y = 0; y < size; y++) {
                Arrays.fill(line, 0);
                int source = (channel * sourceRows + rows.first()[y] - firstRow) * size;
                for (int k = 0; k < rows.count()[y]; k++) {
                    addWeighted(rows.weight()[y * rows.stride() + k], narrowed, source + k * size, line);
                }
                out.put(offset + (channel * size + y) * size, line, 0, size);
            }
        }
    }

    /** Apart, so that the compiler makes vector instructions of it. */
    private static void addWeighted(float weight, float[] source, int start, float[] line) {
        for (int x = 0; x < line.length; x++) {
            line[x] += weight * source[start + x];
        }
    }

    /** The rows the window needs, resized horizontally, mirrored and freed of the mean: channel by row by column. */
    private float[] resizeRows(RgbImage image, Axis columns, int firstRow, int sourceRows, float[] mean) {
        int plane = sourceRows * size;
        float[] narrowed = new float[RgbImage.CHANNELS * plane];
        for (int row = 0; row < sourceRows; row++) {
            int source = RgbImage.CHANNELS * (firstRow + row) * image.width();
            resizeRow(image.pixels(), source, columns, mean, narrowed, row * size, plane);
        }
        return narrowed;
    }

    private void resizeRow(byte[] pixels, int rowStart, Axis columns, float[] mean, float[] narrowed, int target, int plane) {
        float[] weights = columns.weight();
        int[] first = columns.first();
        int[] count = columns.count();
        for (int x = 0; x < size; x++) {
            int source = rowStart + RgbImage.CHANNELS * first[x];
            int firstWeight = x * columns.stride();
            int endWeight = firstWeight + count[x];
            if (firstWeight == endWeight) {
                continue;
            }
            float red = -mean[0];
            float green = -mean[1];
            float blue = -mean[2];
            for (int k = firstWeight; k < endWeight; k++) {
                float weight = weights[k];
                red += weight * (pixels[source] & 0xFF);
                green += weight * (pixels[source + 1] & 0xFF);
                blue += weight * (pixels[source + 2] & 0xFF);
                source += RgbImage.CHANNELS;
            }
            int place = target + (mirror == Mirror.FLIPPED ? size - 1 - x : x);
            narrowed[place] = red;
            narrowed[place + plane] = green;
            narrowed[place + 2 * plane] = blue;
        }
    }
}
