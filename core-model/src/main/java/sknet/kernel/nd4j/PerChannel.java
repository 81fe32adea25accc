package sknet.kernel.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ChannelShape;

/**
 * Means over a channel, and operations between activations {@code [N, C, pixels]} and one value a channel, or one a map.
 *
 * <p>ND4J's reductions run at a quarter of the memory's speed, products with a vector near it. Its broadcasting operations are
 * fast when the result is another array than the operands: in place they copy first.
 */
final class PerChannel {
    private final ChannelShape shape;
    private final long rows;
    private final INDArray pixelShares;
    private final INDArray imageShares;
    private final INDArray mapMeans;
    private final INDArray mapMeansByImage;

    PerChannel(ChannelShape shape, Buffers buffers) {
        this.shape = shape;
        rows = (long) shape.batch() * shape.channels();
        pixelShares = buffers.filled(1.0 / shape.pixels(), shape.pixels(), 1);
        imageShares = buffers.filled(1.0 / shape.batch(), 1, shape.batch());
        mapMeans = buffers.zeros(rows, 1);
        mapMeansByImage = mapMeans.reshape('c', shape.batch(), shape.channels());
    }

    /** The activations as {@code [N, C, pixels]}. */
    INDArray maps(INDArray activations) {
        return activations.reshape('c', shape.batch(), shape.channels(), shape.pixels());
    }

    /** means {@code [1, C]} = the means over images and pixels. */
    void channelMeans(INDArray maps, INDArray means) {
        mapMeans(maps, mapMeans);
        Nd4j.matmul(imageShares, mapMeansByImage, means, false, false, false);
    }

    /** means {@code [N, C]} = the means over the pixels. */
    void mapMeans(INDArray maps, INDArray means) {
        Nd4j.matmul(maps.reshape('c', rows, shape.pixels()), pixelShares, means.reshape('c', rows, 1), false, false, false);
    }

    /** result = maps (operation) vector, with one value a channel. */
    void byChannel(String operation, INDArray maps, INDArray vector, INDArray result) {
        execute(operation, maps, vector.reshape('c', 1, shape.channels(), 1), result);
    }

    /** result = maps (operation) matrix, with one value a map {@code [N, C]}. */
    void byMap(String operation, INDArray maps, INDArray matrix, INDArray result) {
        execute(operation, maps.reshape('c', rows, shape.pixels()), matrix.reshape('c', rows, 1), result.reshape('c', rows,
                shape.pixels()));
    }

    private static void execute(String operation, INDArray maps, INDArray values, INDArray result) {
        Nd4j.exec(DynamicCustomOp.builder(operation).addInputs(maps, values).addOutputs(result).build());
    }
}
