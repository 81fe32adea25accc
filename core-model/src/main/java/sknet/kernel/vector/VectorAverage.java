package sknet.kernel.vector;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.AverageKernel;

/** A moving average in one pass. */
final class VectorAverage implements AverageKernel {
    private static final Lanes LANES = new FloatLanes();

    @Override
    public void add(INDArray average, INDArray parameters, double share) {
        ByteBuffer a = Memory.bytes(average);
        ByteBuffer p = Memory.bytes(parameters);
        new Parts(Math.toIntExact(average.length())).run((start, end) -> add(a, p, start, end, (float) share));
    }

    private static void add(ByteBuffer a, ByteBuffer p, int start, int end, float share) {
        int whole = start + Lanes.whole(end - start);
        FloatVector shares = FloatVector.broadcast(Lanes.SPECIES, share);
        for (int i = start; i < whole; i += Lanes.WIDTH) {
            FloatVector average = LANES.load(a, i);
            LANES.store(LANES.load(p, i).sub(average).fma(shares, average), a, i);
        }
        for (int i = whole; i < end; i++) {
            float average = LANES.get(a, i);
            LANES.put(Math.fma(LANES.get(p, i) - average, share, average), a, i);
        }
    }
}
