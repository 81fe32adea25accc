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
                for (int k = 0; k < rows.count()[y]; k++) {
                    float weight = rows.weight()[y * rows.stride() + k];
                    int source = (channel * sourceRows + rows.first()[y] + k - firstRow) * size;
                    for (int x = 0; x < size; x++) {
                        line[x] += weight * narrowed[source + x];
                    }
                }
                out.put(offset + (channel * size + y) * size, line, 0, size);
            }
        }
    }

    /** The rows the window needs, resized horizontally, mirrored and freed of the mean: channel by row by column. */
    private float[] resizeRows(RgbImage image, Axis columns, int firstRow, int sourceRows, float[] mean) {
        int plane = sourceRows * size;
        float[] narrowed = new float[RgbImage.CHANNELS * plane];
        byte[] pixels = image.pixels();
        for (int row = 0; row < sourceRows; row++) {
            int rowStart = (firstRow + row) * image.width();
            for (int x = 0; x < size; x++) {
                int count = columns.count()[x];
                if (count == 0) {
                    continue;
                }
                int source = RgbImage.CHANNELS * (rowStart + columns.first()[x]);
                int weights = x * columns.stride();
                float red = 0;
                float green = 0;
                float blue = 0;
                for (int k = 0; k < count; k++, source += RgbImage.CHANNELS) {
                    float weight = columns.weight()[weights + k];
                    red += weight * (pixels[source] & 0xFF);
                    green += weight * (pixels[source + 1] & 0xFF);
                    blue += weight * (pixels[source + 2] & 0xFF);
                }
                int target = row * size + (mirror == Mirror.FLIPPED ? size - 1 - x : x);
                narrowed[target] = red - mean[0];
                narrowed[target + plane] = green - mean[1];
                narrowed[target + 2 * plane] = blue - mean[2];
            }
        }
        return narrowed;
    }
}
