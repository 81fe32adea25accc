package sknet.kernel.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ChannelShape;
import sknet.kernel.PoolingKernel;

/** The mean of every map, and its gradient as an outer product. */
final class Nd4jGlobalAverage implements PoolingKernel {
    private final ChannelShape shape;
    private final Buffers buffers;
    private final PerChannel perChannel;
    private final INDArray pixelShares;

    Nd4jGlobalAverage(ChannelShape shape, DataType type) {
        this.shape = shape;
        buffers = new Buffers(type);
        perChannel = new PerChannel(shape, buffers);
        pixelShares = buffers.filled(1.0 / shape.pixels(), 1, shape.pixels());
    }

    @Override
    public void forward(INDArray input, INDArray output) {
        perChannel.mapMeans(input, output);
    }

    @Override
    public void backward(INDArray input, INDArray outputGradient, INDArray inputGradient) {
        long rows = (long) shape.batch() * shape.channels();
        Nd4j.matmul(outputGradient.reshape('c', rows, 1), pixelShares, inputGradient.reshape('c', rows, shape.pixels()), false, false,
                false);
    }

    @Override
    public void close() {
        buffers.close();
    }
}
