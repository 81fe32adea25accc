package sknet.kernel.vector;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ChannelPoolingKernel;
import sknet.kernel.ChannelShape;

/** The largest and the mean value of the channels, an image a thread. What it writes, and the gradient of that, are float32 whatever the maps are. */
final class VectorChannelPooling implements ChannelPoolingKernel {
    private final PackedMaps maps;
    private final Lanes lanes;

    VectorChannelPooling(PackedMaps maps, Lanes lanes) {
        this.maps = maps;
        this.lanes = lanes;
    }

    @Override
    public void forward(INDArray input, INDArray output) {
        ByteBuffer x = Memory.bytes(input);
        FloatBuffer pooled = Memory.floats(output);
        ChannelShape shape = maps.shape();
        int pixels = shape.pixels();
        Team.run(shape.batch(), n -> {
            float[] largest = new float[pixels];
            float[] sums = new float[pixels];
            Arrays.fill(largest, Float.NEGATIVE_INFINITY);
            for (int channel = 0; channel < shape.channels(); channel += maps.sideBySide()) {
                pool(x, maps.first(n, channel), largest, sums);
            }
            for (int p = 0; p < pixels; p++) {
                pooled.put(2 * n * pixels + p, largest[p]);
                pooled.put((2 * n + 1) * pixels + p, sums[p] / shape.channels());
            }
        });
    }

    private void pool(ByteBuffer x, int first, float[] largest, float[] sums) {
        int side = maps.sideBySide();
        int whole = Lanes.whole(side);
        for (int p = 0; p < largest.length; p++) {
            int at = first + p * side;
            for (int i = 0; i < whole; i += Lanes.WIDTH) {
                FloatVector values = lanes.load(x, at + i);
                largest[p] = Math.max(largest[p], values.reduceLanes(VectorOperators.MAX));
                sums[p] += values.reduceLanes(VectorOperators.ADD);
            }
            for (int i = whole; i < side; i++) {
                float value = lanes.get(x, at + i);
                largest[p] = Math.max(largest[p], value);
                sums[p] += value;
            }
        }
    }

    @Override
    public void backward(INDArray input, INDArray output, INDArray outputGradient, INDArray inputGradient) {
        ByteBuffer x = Memory.bytes(input);
        ByteBuffer dx = Memory.bytes(inputGradient);
        FloatBuffer pooled = Memory.floats(output);
        FloatBuffer gradients = Memory.floats(outputGradient);
        ChannelShape shape = maps.shape();
        int pixels = shape.pixels();
        Team.run(shape.batch(), n -> {
            boolean[] given = new boolean[pixels];
            for (int channel = 0; channel < shape.channels(); channel += maps.sideBySide()) {
                for (int p = 0; p < pixels; p++) {
                    int ofLargest = 2 * n * pixels + p;
                    int at = maps.first(n, channel) + p * maps.sideBySide();
                    spread(dx, at, gradients.get(ofLargest + pixels) / shape.channels());
                    int chosen = given[p] ? -1 : find(x, at, pooled.get(ofLargest));
                    if (chosen >= 0) {
                        lanes.put(lanes.get(dx, chosen) + gradients.get(ofLargest), dx, chosen);
                        given[p] = true;
                    }
                }
            }
        });
    }

    private void spread(ByteBuffer dx, int at, float value) {
        int whole = Lanes.whole(maps.sideBySide());
        for (int i = 0; i < whole; i += Lanes.WIDTH) {
            lanes.store(FloatVector.broadcast(Lanes.SPECIES, value), dx, at + i);
        }
        for (int i = whole; i < maps.sideBySide(); i++) {
            lanes.put(value, dx, at + i);
        }
    }

    /** The place of the first value that is the largest, or -1. */
    private int find(ByteBuffer x, int at, float largest) {
        int whole = Lanes.whole(maps.sideBySide());
        for (int i = 0; i < whole; i += Lanes.WIDTH) {
            VectorMask<Float> equal = lanes.load(x, at + i).eq(largest);
            if (equal.anyTrue()) {
                return at + i + equal.firstTrue();
            }
        }
        for (int i = whole; i < maps.sideBySide(); i++) {
            if (lanes.get(x, at + i) == largest) {
                return at + i;
            }
        }
        return -1;
    }

    @Override
    public void close() {}
}
