package sknet.data.image.jpeg;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Rows of R, G and B: from YCbCr as libjpeg computes them in whole numbers, from CMYK as PIL does. */
final class ColorConversion {
    private static final int LANES = Shapes.INTS.length();
    private static final int SHIFT = 16;
    private static final int HALF = 1 << SHIFT - 1;
    /** 1.402, 1.772, 0.71414 and 0.34414 times 2^16. */
    private static final int RED_OF_CR = 91_881;
    private static final int BLUE_OF_CB = 116_130;
    private static final int GREEN_OF_CR = -46_802;
    private static final int GREEN_OF_CB = -22_554;

    private byte[] red = new byte[0];
    private byte[] green = new byte[0];
    private byte[] blue = new byte[0];

    byte[] red() {
        return red;
    }

    byte[] green() {
        return green;
    }

    byte[] blue() {
        return blue;
    }

    void makeRoom(int width) {
        if (red.length < width + Shapes.SLACK) {
            red = new byte[width + Shapes.SLACK];
            green = new byte[width + Shapes.SLACK];
            blue = new byte[width + Shapes.SLACK];
        }
    }

    /** Three rows of RGB that are there already. */
    void copy(byte[][] rows, int[] starts, int width) {
        System.arraycopy(rows[0], starts[0], red, 0, width);
        System.arraycopy(rows[1], starts[1], green, 0, width);
        System.arraycopy(rows[2], starts[2], blue, 0, width);
    }

    void fromYcc(byte[][] rows, int[] starts, int width) {
        byte[] y = rows[0];
        byte[] cb = rows[1];
        byte[] cr = rows[2];
        int yStart = starts[0];
        int cbStart = starts[1];
        int crStart = starts[2];
        for (int i = 0; i < width; i += LANES) {
            IntVector luma = ((IntVector) ByteVector.fromArray(Shapes.INT_BYTES, y, yStart + i)
                    .convertShape(VectorOperators.B2I, Shapes.INTS, 0)).and(0xFF);
            IntVector b = ((IntVector) ByteVector.fromArray(Shapes.INT_BYTES, cb, cbStart + i)
                    .convertShape(VectorOperators.B2I, Shapes.INTS, 0)).and(0xFF).sub(128);
            IntVector r = ((IntVector) ByteVector.fromArray(Shapes.INT_BYTES, cr, crStart + i)
                    .convertShape(VectorOperators.B2I, Shapes.INTS, 0)).and(0xFF).sub(128);
            ((ByteVector) luma.add(r.mul(RED_OF_CR).add(HALF).lanewise(VectorOperators.ASHR, SHIFT)).max(0).min(255)
                    .convertShape(VectorOperators.I2B, Shapes.INT_BYTES, 0)).intoArray(red, i);
            ((ByteVector) luma.add(b.mul(GREEN_OF_CB).add(r.mul(GREEN_OF_CR)).add(HALF).lanewise(VectorOperators.ASHR, SHIFT)).max(0).min(255)
                    .convertShape(VectorOperators.I2B, Shapes.INT_BYTES, 0)).intoArray(green, i);
            ((ByteVector) luma.add(b.mul(BLUE_OF_CB).add(HALF).lanewise(VectorOperators.ASHR, SHIFT)).max(0).min(255)
                    .convertShape(VectorOperators.I2B, Shapes.INT_BYTES, 0)).intoArray(blue, i);
        }
    }

    /** Inks are stored inverted, as Adobe's programs do, and PIL takes for granted. */
    void fromCmyk(byte[][] rows, int[] starts, int width) {
        for (int i = 0; i < width; i++) {
            int black = rows[3][starts[3] + i] & 0xFF;
            red[i] = light(~rows[0][starts[0] + i] & 0xFF, black);
            green[i] = light(~rows[1][starts[1] + i] & 0xFF, black);
            blue[i] = light(~rows[2][starts[2] + i] & 0xFF, black);
        }
    }

    /** The RGB of YCbCr are the inks as they are without inversion. */
    void fromYcck(byte[][] rows, int[] starts, int width) {
        fromYcc(rows, starts, width);
        for (int i = 0; i < width; i++) {
            int black = rows[3][starts[3] + i] & 0xFF;
            red[i] = light(red[i] & 0xFF, black);
            green[i] = light(green[i] & 0xFF, black);
            blue[i] = light(blue[i] & 0xFF, black);
        }
    }

    private static byte light(int ink, int notBlack) {
        int product = ink * notBlack + 128;
        return (byte) (notBlack - (product + (product >> 8) >> 8));
    }
}
