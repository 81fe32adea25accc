package sknet.data.image.jpeg;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * The inverse discrete cosine transform of a block, of all its frequencies or of the lowest 4x4, 2x2 or one, which give a smaller block.
 *
 * <p>libjpeg's accurate transform is linear in whole numbers between its two roundings, one after the columns and one after the
 * rows. So each half is a product with a matrix of 8x8 whole numbers and has the same bits in any order of summation. A product
 * needs no transposition in between, and only the rows and columns of the block that are not zero.
 */
final class InverseTransform {
    private static final int BLOCK = Frame.BLOCK;
    private static final int CONSTANT_BITS = 13;
    private static final int PASS_BITS = 2;
    private static final int COLUMN_SHIFT = CONSTANT_BITS - PASS_BITS;
    private static final int ROW_SHIFT = CONSTANT_BITS + PASS_BITS + 3;
    /** libjpeg looks samples up by their lower 10 bits. */
    private static final int SAMPLE_BITS = 10;

    private static final int LANES = Shapes.INTS.length();
    private static final int ROWS = LANES / BLOCK;
    private static final VectorShuffle<Integer> REPEAT = VectorShuffle.fromOp(Shapes.INTS, lane -> lane % BLOCK);
    private static final VectorShuffle<Integer> SPREAD0 = spread(0);
    private static final VectorShuffle<Integer> SPREAD1 = spread(1);
    private static final VectorShuffle<Integer> SPREAD2 = spread(2);
    private static final VectorShuffle<Integer> SPREAD3 = spread(3);
    private static final VectorShuffle<Integer> SPREAD4 = spread(4);
    private static final VectorShuffle<Integer> SPREAD5 = spread(5);
    private static final VectorShuffle<Integer> SPREAD6 = spread(6);
    private static final VectorShuffle<Integer> SPREAD7 = spread(7);
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH_BYTE = 0x0101010101010101L;

    private final int size;
    /** By frequency and sample, once for each column of the block. */
    private final int[] vertical = new int[BLOCK * BLOCK * BLOCK];
    /** By frequency and sample, once for each row that a vector holds. */
    private final int[] horizontal = new int[BLOCK * LANES];
    /** What comes out of the columns, before the rows. */
    private final int[] middle = new int[BLOCK * BLOCK];
    private final byte[] samples = new byte[BLOCK * BLOCK];

    /** @param size height and width of what becomes of a block: 8, 4, 2 or 1 */
    InverseTransform(int size) {
        this.size = size;
        for (int frequency = 0; frequency < size; frequency++) {
            int[] basis = size == BLOCK ? exact(frequency) : reduced(frequency, size);
            for (int i = 0; i < BLOCK * BLOCK; i++) {
                vertical[frequency * BLOCK * BLOCK + i] = basis[i / BLOCK];
            }
            for (int i = 0; i < LANES; i++) {
                horizontal[frequency * LANES + i] = basis[i % BLOCK];
            }
        }
    }

    /**
     * Transforms a block. Up to 8 bytes of each row of the output are written, those behind the block's own of no meaning.
     *
     * @param block 64 dequantised coefficients row by row, and room for another row
     * @param seen  a bit for each that may not be zero
     */
    void transform(int[] block, long seen, byte[] out, int offset, int stride) {
        if (size == 1) {
            out[offset] = (byte) clamp(mean(block[0], (seen & ~1L) == 0));
            return;
        }
        if ((seen & ~1L) == 0) {
            long sample = clamp(block[0] * (1 << PASS_BITS) + (1 << PASS_BITS + 2) >> PASS_BITS + 3) * EACH_BYTE;
            for (int row = 0; row < size; row++) {
                LONGS.set(out, offset + row * stride, sample);
            }
            return;
        }
        long columns = seen | seen >>> 32;
        columns |= columns >>> 16;
        columns |= columns >>> 8;
        int lastRow = Math.min(size - 1, 63 - Long.numberOfLeadingZeros(seen) >> 3);
        int lastColumn = Math.min(size - 1, 31 - Integer.numberOfLeadingZeros((int) columns & 0xFF));
        for (int row = 0; row < size; row += 4 * ROWS) {
            columns(block, lastRow, row);
        }
        rows(lastColumn);
        for (int row = 0; row < size; row++) {
            LONGS.set(out, offset + row * stride, (long) LONGS.get(samples, row * BLOCK));
        }
    }

    /**
     * Computes as many rows of the middle as four vectors hold. (Here and in the other loops over vectors nothing is factored out:
     * a vector that is passed to a method which the compiler happens not to inline is an object in memory.)
     */
    private void columns(int[] block, int lastRow, int first) {
        IntVector a = IntVector.broadcast(Shapes.INTS, 1 << COLUMN_SHIFT - 1);
        IntVector b = a;
        IntVector c = a;
        IntVector d = a;
        for (int v = 0; v <= lastRow; v++) {
            IntVector row = IntVector.fromArray(Shapes.INTS, block, v * BLOCK).rearrange(REPEAT);
            int factors = (v * BLOCK + first) * BLOCK;
            a = a.add(row.mul(IntVector.fromArray(Shapes.INTS, vertical, factors)));
            b = b.add(row.mul(IntVector.fromArray(Shapes.INTS, vertical, factors + LANES)));
            c = c.add(row.mul(IntVector.fromArray(Shapes.INTS, vertical, factors + 2 * LANES)));
            d = d.add(row.mul(IntVector.fromArray(Shapes.INTS, vertical, factors + 3 * LANES)));
        }
        int target = first * BLOCK;
        a.lanewise(VectorOperators.ASHR, COLUMN_SHIFT).intoArray(middle, target);
        b.lanewise(VectorOperators.ASHR, COLUMN_SHIFT).intoArray(middle, target + LANES);
        c.lanewise(VectorOperators.ASHR, COLUMN_SHIFT).intoArray(middle, target + 2 * LANES);
        d.lanewise(VectorOperators.ASHR, COLUMN_SHIFT).intoArray(middle, target + 3 * LANES);
    }

    /** From the middle to samples. */
    private void rows(int lastColumn) {
        int[] factors = horizontal;
        for (int i = 0; i < BLOCK * size; i += LANES) {
            IntVector w = IntVector.fromArray(Shapes.INTS, middle, i);
            IntVector a = w.rearrange(SPREAD0).mul(IntVector.fromArray(Shapes.INTS, factors, 0)).add(1 << ROW_SHIFT - 1);
            IntVector b = w.rearrange(SPREAD1).mul(IntVector.fromArray(Shapes.INTS, factors, LANES));
            if (lastColumn > 1) {
                a = a.add(w.rearrange(SPREAD2).mul(IntVector.fromArray(Shapes.INTS, factors, 2 * LANES)));
                b = b.add(w.rearrange(SPREAD3).mul(IntVector.fromArray(Shapes.INTS, factors, 3 * LANES)));
            }
            if (lastColumn > 3) {
                a = a.add(w.rearrange(SPREAD4).mul(IntVector.fromArray(Shapes.INTS, factors, 4 * LANES)));
                b = b.add(w.rearrange(SPREAD5).mul(IntVector.fromArray(Shapes.INTS, factors, 5 * LANES)));
            }
            if (lastColumn > 5) {
                a = a.add(w.rearrange(SPREAD6).mul(IntVector.fromArray(Shapes.INTS, factors, 6 * LANES)));
                b = b.add(w.rearrange(SPREAD7).mul(IntVector.fromArray(Shapes.INTS, factors, 7 * LANES)));
            }
            IntVector sample = a.add(b).lanewise(VectorOperators.LSHL, Integer.SIZE - SAMPLE_BITS - ROW_SHIFT)
                    .lanewise(VectorOperators.ASHR, Integer.SIZE - SAMPLE_BITS);
            ((ByteVector) sample.max(-128).min(127).add(128).convertShape(VectorOperators.I2B, Shapes.INT_BYTES, 0)).intoArray(samples, i);
        }
    }

    /**
     * Halves, which every second to eighth mean is, go to the even number, so that they make no image lighter; but those of a block of one
     * colour upwards, as in libjpeg's transform.
     */
    private static int mean(int dc, boolean oneColour) {
        return dc + (oneColour || (dc & 8) != 0 ? 4 : 3) >> 3;
    }

    private static int clamp(int sample) {
        int unused = Integer.SIZE - SAMPLE_BITS;
        return Math.max(-128, Math.min(127, sample << unused >> unused)) + 128;
    }

    private static VectorShuffle<Integer> spread(int column) {
        return VectorShuffle.fromOp(Shapes.INTS, lane -> lane / BLOCK * BLOCK + column);
    }

    /** What one frequency adds to each sample, by libjpeg's algorithm (Loeffler, Ligtenberg and Moschytz, 1989) for 8 of them. */
    private static int[] exact(int frequency) {
        int[] in = new int[BLOCK];
        in[frequency] = 1;
        int even = (in[2] + in[6]) * 4433;
        int two = even - in[6] * 15137;
        int three = even + in[2] * 6270;
        int zero = in[0] + in[4] << CONSTANT_BITS;
        int one = in[0] - in[4] << CONSTANT_BITS;
        int[] sums = {zero + three, one + two, one - two, zero - three};
        int odd = (in[7] + in[3] + in[5] + in[1]) * 9633;
        int a = (in[7] + in[1]) * -7373;
        int b = (in[5] + in[3]) * -20995;
        int c = (in[7] + in[3]) * -16069 + odd;
        int d = (in[5] + in[1]) * -3196 + odd;
        int[] differences = {in[1] * 12299 + a + d, in[3] * 25172 + b + c, in[5] * 16819 + b + d, in[7] * 2446 + a + c};
        int[] out = new int[BLOCK];
        for (int i = 0; i < BLOCK / 2; i++) {
            out[i] = sums[i] + differences[i];
            out[BLOCK - 1 - i] = sums[i] - differences[i];
        }
        return out;
    }

    /** The same for a transform of fewer samples, with zeros for the others. */
    private static int[] reduced(int frequency, int size) {
        int[] out = new int[BLOCK];
        for (int i = 0; i < size; i++) {
            double wave = Math.cos((2 * i + 1) * frequency * Math.PI / (2 * size));
            out[i] = (int) Math.round((1 << CONSTANT_BITS) * (frequency == 0 ? 1 : Math.sqrt(2)) * wave);
        }
        return out;
    }
}
