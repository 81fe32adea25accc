package sknet.kernel.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ChannelShape;

/**
 * Sums over a channel and operations between activations and one value a channel.
 *
 * <p>ND4J's reductions and broadcasts along a middle dimension run at a quarter of the memory's speed; a product with a vector of ones and a
 * broadcast along the last dimension of {@code [N * C, pixels]} come near it.
 */
final class PerChannel {
    private final ChannelShape shape;
    private final long[] rowsShape;
    private final INDArray onesPerPixel;
    private final INDArray onesPerImage;
    private final INDArray rowSums;
    private final INDArray rowSumsByImage;
    private final INDArray rowValues;
    private final INDArray rowValuesByImage;

    PerChannel(ChannelShape shape, Buffers buffers) {
        this.shape = shape;
        rowsShape = new long[] {(long) shape.batch() * shape.channels(), shape.pixels()};
        onesPerPixel = buffers.filled(1, shape.pixels(), 1);
        onesPerImage = buffers.filled(1, 1, shape.batch());
        rowSums = buffers.zeros(rowsShape[0], 1);
        rowSumsByImage = rowSums.reshape('c', shape.batch(), shape.channels());
        rowValues = buffers.zeros(rowsShape[0], 1);
        rowValuesByImage = rowValues.reshape('c', shape.batch(), shape.channels());
    }

    /** The activations as {@code [N * C, pixels]}. */
    INDArray rows(INDArray activations) {
        return activations.reshape('c', rowsShape);
    }

    /** A view of a vector {@code [C]} that repeats it for each image, {@code [N, C]}. */
    INDArray repeated(INDArray vector) {
        return Buffers.view(vector, 0, new long[] {shape.batch(), shape.channels()}, 0, 1);
    }

    /** sums {@code [1, C]} = the rows' sums over images and pixels. */
    void sum(INDArray rows, INDArray sums) {
        Nd4j.matmul(rows, onesPerPixel, rowSums, false, false, false);
        Nd4j.matmul(onesPerImage, rowSumsByImage, sums, false, false, false);
    }

    /** sums {@code [N, C]} = the rows' sums over the pixels. */
    void sumPixels(INDArray rows, INDArray sums) {
        Nd4j.matmul(rows, onesPerPixel, sums.reshape('c', rowsShape[0], 1), false, false, false);
    }

    /** result = rows * values, with values {@code [N, C]}, perhaps {@link #repeated}. */
    void multiply(INDArray rows, INDArray values, INDArray result) {
        broadcast("multiply", rows, values, result);
    }

    /** result = rows + values, with values {@code [N, C]}, perhaps {@link #repeated}. */
    void add(INDArray rows, INDArray values, INDArray result) {
        broadcast("add", rows, values, result);
    }

    private void broadcast(String operation, INDArray rows, INDArray values, INDArray result) {
        rowValuesByImage.assign(values);
        Nd4j.exec(DynamicCustomOp.builder(operation).addInputs(rows, rowValues).addOutputs(result).build());
    }
}
