package sknet.kernel.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ConvolutionShape;

/**
 * The matrix products of a convolution whose columns are laid out: per image and group, {@code [O/G, K] x [K, pixels]} with
 * {@code K = C/G * kernel * kernel}, all images and groups in one batched call.
 */
final class GroupedProduct {
    private final ConvolutionShape shape;
    private final long depth;
    private final long pixels;
    /** The weights {@code [G, O/G, K]} and a view that repeats them for each image by a stride of 0. */
    private final INDArray weights;
    private final INDArray weightsPerImage;
    private final INDArray transposed;
    private final INDArray transposedPerImage;
    private final INDArray gradientPerImage;
    private final INDArray ones;

    GroupedProduct(ConvolutionShape shape, Buffers buffers) {
        this.shape = shape;
        int batch = shape.batch();
        int groups = shape.groups();
        long out = shape.groupOutChannels();
        depth = (long) shape.groupInChannels() * shape.taps();
        pixels = (long) shape.outHeight() * shape.outWidth();
        weights = buffers.zeros(groups, out, depth);
        weightsPerImage = Buffers.view(weights, 0, new long[] {batch, groups, out, depth}, 0, out * depth, depth, 1);
        transposed = buffers.zeros(groups, depth, out);
        transposedPerImage = Buffers.view(transposed, 0, new long[] {batch, groups, depth, out}, 0, out * depth, out, 1);
        gradientPerImage = buffers.zeros(batch, groups, out, depth);
        ones = buffers.filled(1, 1, batch);
    }

    /** output = weights * columns, with columns {@code [N, C * kernel * kernel, pixels]} in any shape of that order. */
    void forward(INDArray oihw, INDArray columns, INDArray output) {
        weights.assign(oihw.reshape('c', weights.shape()));
        Nd4j.matmul(weightsPerImage, asColumns(columns), asMaps(output), false, false, false);
    }

    /** oihwGradient = sum over the images of outputGradient * columns^T. */
    void backwardWeights(INDArray outputGradient, INDArray columns, INDArray oihwGradient) {
        Nd4j.matmul(asMaps(outputGradient), asColumns(columns), gradientPerImage, false, true, false);
        Nd4j.matmul(ones, gradientPerImage.reshape('c', shape.batch(), oihwGradient.length()),
                oihwGradient.reshape('c', 1, oihwGradient.length()), false, false, false);
    }

    /** columnGradient = weights^T * outputGradient. */
    void backwardData(INDArray oihw, INDArray outputGradient, INDArray columnGradient) {
        transposed.assign(oihw.reshape('c', weights.shape()).permute(0, 2, 1));
        Nd4j.matmul(transposedPerImage, asMaps(outputGradient), asColumns(columnGradient), false, false, false);
    }

    private INDArray asColumns(INDArray columns) {
        return columns.reshape('c', shape.batch(), shape.groups(), depth, pixels);
    }

    private INDArray asMaps(INDArray maps) {
        return maps.reshape('c', shape.batch(), shape.groups(), shape.groupOutChannels(), pixels);
    }
}
