package sknet.kernel.vector;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Values of float32. */
record FloatLanes() implements Lanes {

    @Override
    public FloatVector load(ByteBuffer from, int index) {
        return FloatVector.fromByteBuffer(SPECIES, from, index << 2, ORDER);
    }

    @Override
    public void store(FloatVector values, ByteBuffer to, int index) {
        values.intoByteBuffer(to, index << 2, ORDER);
    }

    @Override
    public float get(ByteBuffer from, int index) {
        return from.getFloat(index << 2);
    }

    @Override
    public void put(float value, ByteBuffer to, int index) {
        to.putFloat(index << 2, value);
    }
}
