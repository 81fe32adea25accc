package sknet.kernel.vector;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.Rectifier;
import sknet.kernel.SumKernel;

/** A sum in one pass either way. */
final class VectorSum implements SumKernel {
    private final Lanes lanes;
    private final Strips strips;
    private final float floor;

    VectorSum(long length, Rectifier rectifier, DataType type) {
        lanes = Lanes.of(type);
        strips = Strips.flat(length);
        floor = Affine.floor(rectifier);
    }

    @Override
    public void forward(INDArray first, INDArray second, INDArray output) {
        ByteBuffer a = Memory.of(first);
        ByteBuffer b = Memory.of(second);
        ByteBuffer y = Memory.of(output);
        Team.run(strips.count(), strip -> add(a, b, y, strips.start(strip), strips.end(strip)));
    }

    private void add(ByteBuffer a, ByteBuffer b, ByteBuffer y, int start, int end) {
        int whole = start + Lanes.whole(end - start);
        for (int i = start; i < whole; i += Lanes.WIDTH) {
            lanes.store(lanes.load(a, i).add(lanes.load(b, i)).max(floor), y, i);
        }
        for (int i = whole; i < end; i++) {
            lanes.put(Math.max(floor, lanes.get(a, i) + lanes.get(b, i)), y, i);
        }
    }

    @Override
    public void backward(INDArray output, INDArray outputGradient, INDArray gradient) {
        ByteBuffer y = Memory.of(output);
        ByteBuffer dy = Memory.of(outputGradient);
        ByteBuffer dx = Memory.of(gradient);
        Team.run(strips.count(), strip -> pass(y, dy, dx, strips.start(strip), strips.end(strip)));
    }

    private void pass(ByteBuffer y, ByteBuffer dy, ByteBuffer dx, int start, int end) {
        int whole = start + Lanes.whole(end - start);
        FloatVector zero = FloatVector.zero(Lanes.SPECIES);
        FloatVector limit = FloatVector.broadcast(Lanes.SPECIES, floor);
        for (int i = start; i < whole; i += Lanes.WIDTH) {
            lanes.store(zero.blend(lanes.load(dy, i), limit.lt(lanes.load(y, i))), dx, i);
        }
        for (int i = whole; i < end; i++) {
            lanes.put(lanes.get(y, i) > floor ? lanes.get(dy, i) : 0, dx, i);
        }
    }

    @Override
    public void close() {}
}
