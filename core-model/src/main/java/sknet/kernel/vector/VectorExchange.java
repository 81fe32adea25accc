package sknet.kernel.vector;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import sknet.kernel.ExchangeKernel;

/** Sums and roundings in vectors. */
final class VectorExchange implements ExchangeKernel {
    private static final FloatLanes FLOATS = new FloatLanes();
    private static final BFloat16Lanes HALVES = new BFloat16Lanes();

    @Override
    public void add(ByteBuffer target, ByteBuffer addend) {
        int length = target.capacity() / Float.BYTES;
        int whole = Lanes.whole(length);
        for (int i = 0; i < whole; i += Lanes.WIDTH) {
            FLOATS.store(FLOATS.load(target, i).add(FLOATS.load(addend, i)), target, i);
        }
        for (int i = whole; i < length; i++) {
            FLOATS.put(FLOATS.get(target, i) + FLOATS.get(addend, i), target, i);
        }
    }

    @Override
    public void narrow(ByteBuffer floats, ByteBuffer halves) {
        copy(FLOATS, floats, HALVES, halves, halves.capacity() / Short.BYTES);
    }

    @Override
    public void widen(ByteBuffer halves, ByteBuffer floats) {
        copy(HALVES, halves, FLOATS, floats, halves.capacity() / Short.BYTES);
    }

    private static void copy(Lanes fromLanes, ByteBuffer from, Lanes toLanes, ByteBuffer to, int length) {
        int whole = Lanes.whole(length);
        for (int i = 0; i < whole; i += Lanes.WIDTH) {
            FloatVector values = fromLanes.load(from, i);
            toLanes.store(values, to, i);
        }
        for (int i = whole; i < length; i++) {
            toLanes.put(fromLanes.get(from, i), to, i);
        }
    }
}
