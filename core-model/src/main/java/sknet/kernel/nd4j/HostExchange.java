package sknet.kernel.nd4j;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.ShortBuffer;
import sknet.kernel.ExchangeKernel;

/** Value by value: the memory is the host's, where ND4J's arrays may be on a GPU. */
final class HostExchange implements ExchangeKernel {
    private static final int HALF = 16;
    private static final int BELOW_HALF = 0x7fff;

    @Override
    public void add(ByteBuffer target, ByteBuffer addend) {
        FloatBuffer sums = floats(target);
        FloatBuffer addends = floats(addend);
        for (int i = 0; i < sums.capacity(); i++) {
            sums.put(i, sums.get(i) + addends.get(i));
        }
    }

    @Override
    public void narrow(ByteBuffer floats, ByteBuffer halves) {
        FloatBuffer from = floats(floats);
        ShortBuffer to = shorts(halves);
        for (int i = 0; i < to.capacity(); i++) {
            int bits = Float.floatToRawIntBits(from.get(i));
            to.put(i, (short) (bits + (bits >>> HALF & 1) + BELOW_HALF >>> HALF));
        }
    }

    @Override
    public void widen(ByteBuffer halves, ByteBuffer floats) {
        ShortBuffer from = shorts(halves);
        FloatBuffer to = floats(floats);
        for (int i = 0; i < from.capacity(); i++) {
            to.put(i, Float.intBitsToFloat(from.get(i) << HALF));
        }
    }

    private static FloatBuffer floats(ByteBuffer bytes) {
        return bytes.duplicate().clear().order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    private static ShortBuffer shorts(ByteBuffer bytes) {
        return bytes.duplicate().clear().order(ByteOrder.nativeOrder()).asShortBuffer();
    }
}
