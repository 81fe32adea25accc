package sknet.kernel.vector;

import java.nio.ByteBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ChannelShape;
import sknet.kernel.PoolingKernel;

/** The mean of every map. The means and their gradients are float32 whatever the maps are. */
final class VectorGlobalAverage implements PoolingKernel {
    private final Lanes lanes;
    private final Strips strips;
    private final float[] sums;
    private final float[] values;

    VectorGlobalAverage(ChannelShape shape, DataType type) {
        lanes = Lanes.of(type);
        strips = Strips.of(shape);
        sums = new float[strips.count() * shape.channels()];
        values = new float[shape.batch() * shape.channels()];
    }

    @Override
    public void forward(INDArray input, INDArray output) {
        ByteBuffer x = Memory.of(input);
        int channels = strips.channels();
        Arrays.fill(sums, 0);
        Team.run(strips.count(), strip -> add(x, strips.start(strip), strips.end(strip), strip * channels));
        strips.sumByImage(sums, values);
        for (int i = 0; i < values.length; i++) {
            values[i] /= strips.pixels();
        }
        Memory.write(values, output);
    }

    private void add(ByteBuffer x, int start, int end, int to) {
        int channels = strips.channels();
        int whole = Lanes.whole(channels);
        for (int block = start; block < end; block += Strips.BLOCK) {
            int stop = Math.min(block + Strips.BLOCK, end);
            for (int c = 0; c < whole; c += Lanes.WIDTH) {
                FloatVector sum = FloatVector.fromArray(Lanes.SPECIES, sums, to + c);
                for (int at = block * channels + c; at < stop * channels; at += channels) {
                    sum = sum.add(lanes.load(x, at));
                }
                sum.intoArray(sums, to + c);
            }
            for (int c = whole; c < channels; c++) {
                for (int at = block * channels + c; at < stop * channels; at += channels) {
                    sums[to + c] += lanes.get(x, at);
                }
            }
        }
    }

    @Override
    public void backward(INDArray input, INDArray outputGradient, INDArray inputGradient) {
        ByteBuffer dx = Memory.of(inputGradient);
        Memory.read(outputGradient, values);
        for (int i = 0; i < values.length; i++) {
            values[i] /= strips.pixels();
        }
        Team.run(strips.count(), strip -> spread(dx, strips.start(strip), strips.end(strip), strips.image(strip) * strips.channels()));
    }

    private void spread(ByteBuffer dx, int start, int end, int image) {
        int channels = strips.channels();
        int whole = Lanes.whole(channels);
        for (int row = start; row < end; row++) {
            for (int c = 0; c < whole; c += Lanes.WIDTH) {
                lanes.store(FloatVector.fromArray(Lanes.SPECIES, values, image + c), dx, row * channels + c);
            }
            for (int c = whole; c < channels; c++) {
                lanes.put(values[image + c], dx, row * channels + c);
            }
        }
    }

    @Override
    public void close() {}
}
