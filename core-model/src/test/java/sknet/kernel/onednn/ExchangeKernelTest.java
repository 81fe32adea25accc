package sknet.kernel.onednn;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.Test;
import sknet.kernel.ExchangeKernel;
import sknet.kernel.KernelProvider;
import sknet.kernel.nd4j.Nd4jKernels;

class ExchangeKernelTest {
    private static final int LENGTH = 1003;

    private final ExchangeKernel portable = new Nd4jKernels().exchange();
    private final ExchangeKernel fast = KernelProvider.kernels().exchange();

    @Test
    void sumsAreTheSameBits() {
        ByteBuffer addend = random(1);
        ByteBuffer expected = random(2);
        ByteBuffer actual = random(2);
        portable.add(expected, addend);
        fast.add(actual, addend);
        assertEquals(expected, actual);
        assertEquals(random(1).getFloat(400) + random(2).getFloat(400), actual.getFloat(400));
    }

    @Test
    void roundingsAreTheSameBitsAndToTheNearest() {
        ByteBuffer floats = random(3);
        floats.putFloat(0, 1 + 1 / 256f).putFloat(4, 1 + 3 / 256f).putFloat(8, -0f).putFloat(12, Float.POSITIVE_INFINITY);
        ByteBuffer expected = bytes(LENGTH * Short.BYTES);
        ByteBuffer actual = bytes(LENGTH * Short.BYTES);
        portable.narrow(floats, expected);
        fast.narrow(floats, actual);
        assertEquals(expected, actual);
        ByteBuffer widened = bytes(LENGTH * Float.BYTES);
        ByteBuffer widenedFast = bytes(LENGTH * Float.BYTES);
        portable.widen(expected, widened);
        fast.widen(expected, widenedFast);
        assertEquals(widened, widenedFast);
        assertEquals(1, widened.getFloat(0), "halfway, to even");
        assertEquals(1 + 4 / 256f, widened.getFloat(4), "halfway, to even");
        assertEquals(-0f, widened.getFloat(8));
        assertEquals(Float.POSITIVE_INFINITY, widened.getFloat(12));
        for (int i = 4; i < LENGTH; i++) {
            assertEquals(floats.getFloat(4 * i), widened.getFloat(4 * i), Math.abs(floats.getFloat(4 * i)) / 256);
        }
    }

    private static ByteBuffer random(int seed) {
        Random random = new Random(seed);
        ByteBuffer bytes = bytes(LENGTH * Float.BYTES);
        for (int i = 0; i < LENGTH; i++) {
            bytes.putFloat(4 * i, (float) random.nextGaussian());
        }
        return bytes;
    }

    private static ByteBuffer bytes(int count) {
        return ByteBuffer.allocateDirect(count).order(ByteOrder.nativeOrder());
    }
}
