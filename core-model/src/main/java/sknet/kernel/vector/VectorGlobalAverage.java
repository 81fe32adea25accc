package sknet.kernel.vector;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.PoolingKernel;

/** The mean of every map. The means and their gradients are float32 whatever the maps are. */
final class VectorGlobalAverage implements PoolingKernel {
    private final Columns columns;

    VectorGlobalAverage(Columns columns) {
        this.columns = columns;
    }

    @Override
    public void forward(INDArray input, INDArray output) {
        FloatBuffer means = Memory.floats(output);
        columns.run(Memory.of(input), Memory.of(), (column, x, none) -> {
            double[] sums = new double[Lanes.WIDTH];
            float[] part = new float[Lanes.WIDTH];
            for (int n = 0; n < column.images(); n++) {
                Arrays.fill(sums, 0);
                for (int at = column.start(n); at < column.end(n); at += column.chunk()) {
                    Lanes.add(sum(column.lanes(), x[0], at, Math.min(at + column.chunk(), column.end(n)), column.stride()), part, sums);
                }
                for (int lane = 0; lane < column.width(); lane++) {
                    means.put(n * columns.channels() + column.channel() + lane, (float) (sums[lane] / column.pixels()));
                }
            }
        });
    }

    private static FloatVector sum(Lanes lanes, ByteBuffer x, int start, int end, int stride) {
        FloatVector sum = FloatVector.zero(Lanes.SPECIES);
        for (int at = start; at < end; at += stride) {
            sum = sum.add(lanes.load(x, at));
        }
        return sum;
    }

    @Override
    public void backward(INDArray input, INDArray outputGradient, INDArray inputGradient) {
        FloatBuffer gradients = Memory.floats(outputGradient);
        columns.run(Memory.of(), Memory.of(inputGradient), (column, none, dx) -> {
            float[] values = new float[Lanes.WIDTH];
            for (int n = 0; n < column.images(); n++) {
                for (int lane = 0; lane < column.width(); lane++) {
                    values[lane] = gradients.get(n * columns.channels() + column.channel() + lane) / column.pixels();
                }
                spread(column, values, dx[0], n);
            }
        });
    }

    private static void spread(Column column, float[] values, ByteBuffer dx, int image) {
        Lanes lanes = column.lanes();
        FloatVector value = FloatVector.fromArray(Lanes.SPECIES, values, 0);
        int end = column.end(image);
        int stride = column.stride();
        for (int at = column.start(image); at < end; at += stride) {
            lanes.store(value, dx, at);
        }
    }

    @Override
    public void close() {}
}
