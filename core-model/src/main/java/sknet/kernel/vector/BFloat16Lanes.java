package sknet.kernel.vector;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** Values of bfloat16: the upper half of a float32, rounded to nearest even. Not a number does not survive rounding as such in all cases. */
record BFloat16Lanes() implements Lanes {
    private static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, SPECIES.vectorShape());
    private static final VectorSpecies<Short> HALVES =
            VectorSpecies.of(short.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));
    private static final int HALF = 16;
    private static final int BELOW_HALF = 0x7fff;

    @Override
    public FloatVector load(ByteBuffer from, int index) {
        IntVector bits = (IntVector) ShortVector.fromByteBuffer(HALVES, from, index << 1, ORDER).convertShape(VectorOperators.S2I, INTS, 0);
        return bits.lanewise(VectorOperators.LSHL, HALF).reinterpretAsFloats();
    }

    @Override
    public void store(FloatVector values, ByteBuffer to, int index) {
        IntVector upper = rounded(values).lanewise(VectorOperators.LSHR, HALF);
        ((ShortVector) upper.convertShape(VectorOperators.I2S, HALVES, 0)).intoByteBuffer(to, index << 1, ORDER);
    }

    /** The values' bits, rounded so that the upper halves are bfloat16. */
    static IntVector rounded(FloatVector values) {
        IntVector bits = values.reinterpretAsInts();
        IntVector odd = bits.lanewise(VectorOperators.LSHR, HALF).and(1);
        return bits.add(odd).add(BELOW_HALF);
    }

    @Override
    public float get(ByteBuffer from, int index) {
        return Float.intBitsToFloat(from.getShort(index << 1) << HALF);
    }

    @Override
    public void put(float value, ByteBuffer to, int index) {
        int bits = Float.floatToRawIntBits(value);
        to.putShort(index << 1, (short) (bits + (bits >>> HALF & 1) + BELOW_HALF >>> HALF));
    }
}
