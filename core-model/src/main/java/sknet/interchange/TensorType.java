package sknet.interchange;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/** The types of a safetensors file's values, little-endian, by their names there. Floating-point types can be read as float32. */
public enum TensorType {
    BOOL(1, null), U8(1, null), I8(1, null), F8_E5M2(1, null), F8_E4M3(1, null), I16(2, null), U16(2, null), I32(4, null), U32(4, null),
    I64(8, null), U64(8, null), C64(8, null),
    /** IEEE 754 half precision; every value is a float32 too. */
    F16(2, values -> halfToFloat(values.getShort())),
    /** bfloat16, the upper half of a float32. */
    BF16(2, values -> Float.intBitsToFloat(values.getShort() << 16)),
    /** float32. */
    F32(4, ByteBuffer::getFloat),
    /** float64, rounded to the nearest float32. */
    F64(8, values -> (float) values.getDouble());

    private final int bytes;
    /** Null for the types that are not read. */
    private final Decoder decoder;

    TensorType(int bytes, Decoder decoder) {
        this.bytes = bytes;
        this.decoder = decoder;
    }

    private interface Decoder {
        float next(ByteBuffer values);
    }

    /** Size of a value. */
    public int bytes() {
        return bytes;
    }

    /** Whether {@link SafetensorsFile#floats} reads it. */
    public boolean isFloat() {
        return decoder != null;
    }

    /** The type of that name, if it is one. */
    static Optional<TensorType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name().equals(name)).findFirst();
    }

    /** Takes the next value of a floating-point type. */
    float next(ByteBuffer values) {
        return decoder.next(values);
    }

    private static float halfToFloat(short half) {
        int exponent = half >> 10 & 0x1f;
        int fraction = half & 0x3ff;
        float magnitude = switch (exponent) {
            case 0 -> fraction * 0x1p-24f;
            case 0x1f -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
            default -> Float.intBitsToFloat(exponent + 127 - 15 << 23 | fraction << 13);
        };
        return half < 0 ? -magnitude : magnitude;
    }
}
