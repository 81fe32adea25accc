package sknet.kernel.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A grouped correlation with stride 1 on {@link Planes}.
 *
 * <p>The columns hold the taps of one kernel row only (k copies of the input instead of k * k); a matrix product for each kernel
 * row follows, and the rows' results are added up, shifted by whole rows of a plane: dense copies, products and sums throughout.
 * Positions outside of the output maps hold leftovers that nothing reads.
 */
final class PlaneCorrelation {
    private final int kernel;
    private final int groups;
    private final int groupIn;
    private final int groupOut;
    private final Planes input;
    private final Planes sum;
    private final INDArray weights;
    private final INDArray[] rowWeights;
    private final INDArray rowTaps;
    private final INDArray columns;
    private final INDArray columnsByTap;
    private final INDArray sumGroups;
    private final INDArray sumVector;
    private final INDArray partialGroups;
    private final INDArray[] partialVectors;
    private final int centre;

    /**
     * @param before zeros before the first row and column: the padding
     */
    PlaneCorrelation(PlaneGeometry geometry, int batch, int groups, int groupIn, int groupOut, int kernel, int dilation,
            int before,
                     Buffers buffers) {
        this.kernel = kernel;
        this.groups = groups;
        this.groupIn = groupIn;
        this.groupOut = groupOut;
        input = new Planes(geometry, batch, groups * groupIn, buffers);
        sum = new Planes(geometry, batch, groups * groupOut, buffers);
        Planes partial = new Planes(geometry, batch, groups * groupOut, buffers);
        weights = buffers.zeros(kernel, groups, groupOut, kernel, groupIn);
        rowWeights = new INDArray[kernel];
        partialVectors = new INDArray[kernel];
        long depth = (long) kernel * groupIn;
        for (int row = 0; row < kernel; row++) {
            rowWeights[row] = weights.slice(row).reshape('c', groups, groupOut, depth);
            partialVectors[row] = partial.vector((row * dilation - before) * geometry.columns());
        }
        rowTaps = input.rowTaps(groups, kernel, dilation, before);
        columns = buffers.zeros(groups, depth, (long) batch * geometry.plane());
        columnsByTap = columns.reshape('c', rowTaps.shape());
        sumGroups = sum.groups(groups, 0);
        sumVector = sum.vector(0);
        partialGroups = partial.groups(groups, 0);
        centre = before % dilation == 0 ? before / dilation : -1;
    }

    /** Where the caller puts the input maps, {@code [N, C, height, width]}. */
    INDArray inputMaps(int height, int width, int stride) {
        return input.maps(height, width, stride);
    }

    /** The input planes {@code [G, C/G, N * plane]} from {@code shift} values further on. */
    INDArray inputGroups(int shift) {
        return input.groups(groups, shift);
    }

    /** Where the caller reads the result, {@code [N, O, height, width]}. */
    INDArray outputMaps(int height, int width) {
        return sum.maps(height, width, 1);
    }

    /** The columns of the last {@link #run}, {@code [G, kernel * C/G, N * plane]}: the taps of one kernel row. */
    INDArray columns() {
        return columns;
    }

    /** Sets the weights from {@code [G, O/G, C/G, kernel, kernel]}. */
    void assignWeights(INDArray grouped) {
        weights.assign(grouped.permute(3, 0, 1, 4, 2));
    }

    /** Sets the weights of the transposed correlation, which maps gradients of the output to gradients of the input. */
    void assignTransposed(INDArray grouped) {
        long tap = groupIn;
        long out = kernel * tap;
        long group = groupOut * out;
        long row = groups * group;
        for (int y = 0; y < kernel; y++) {
            for (int x = 0; x < kernel; x++) {
                INDArray target = Buffers.view(weights, (kernel - 1 - y) * row + (kernel - 1 - x) * tap,
                        new long[] {groups, groupOut, groupIn}, group, out, 1);
                target.assign(grouped.tensorAlongDimension(y * kernel + x, 0, 1, 2).permute(0, 2, 1));
            }
        }
    }

    /** Correlates what is in the input maps. */
    void run() {
        columnsByTap.assign(rowTaps);
        if (centre >= 0) {
            Nd4j.matmul(rowWeights[centre], columns, sumGroups, false, false, false);
        } else {
            sumVector.assign(0);
        }
        for (int row = 0; row < kernel; row++) {
            if (row != centre) {
                Nd4j.matmul(rowWeights[row], columns, partialGroups, false, false, false);
                sumVector.addi(partialVectors[row]);
            }
        }
    }
}
