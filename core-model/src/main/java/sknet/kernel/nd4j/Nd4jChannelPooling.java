package sknet.kernel.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ChannelPoolingKernel;
import sknet.kernel.ChannelShape;

/** The largest and the mean value of the channels, by ND4J's reductions. */
final class Nd4jChannelPooling implements ChannelPoolingKernel {
    private final ChannelShape shape;

    Nd4jChannelPooling(ChannelShape shape) {
        this.shape = shape;
    }

    @Override
    public void forward(INDArray input, INDArray output) {
        part(output, 0).assign(maps(input).max(1));
        part(output, 1).assign(maps(input).mean(1));
    }

    @Override
    public void backward(INDArray input, INDArray output, INDArray outputGradient, INDArray inputGradient) {
        INDArray result = maps(inputGradient);
        INDArray share = part(outputGradient, 1).div(shape.channels());
        for (int c = 0; c < shape.channels(); c++) {
            channel(result, c).assign(share);
        }
        INDArray chosen = Nd4j.argMax(maps(input), 1);
        INDArray ofLargest = part(outputGradient, 0);
        for (int n = 0; n < shape.batch(); n++) {
            for (int p = 0; p < shape.pixels(); p++) {
                long c = chosen.getLong(n, p);
                result.putScalar(n, c, p, result.getDouble(n, c, p) + ofLargest.getDouble(n, p));
            }
        }
    }

    private INDArray maps(INDArray array) {
        return array.reshape('c', shape.batch(), shape.channels(), shape.pixels());
    }

    private INDArray channel(INDArray maps, int c) {
        return Buffers.view(maps, (long) c * shape.pixels(), new long[] {shape.batch(), shape.pixels()}, (long) shape.channels() * shape.pixels(), 1);
    }

    /** The largest values (0) or the means (1), {@code [N, pixels]}. */
    private INDArray part(INDArray pooled, int which) {
        return Buffers.view(pooled, (long) which * shape.pixels(), new long[] {shape.batch(), shape.pixels()}, 2L * shape.pixels(), 1);
    }

    @Override
    public void close() {}
}
