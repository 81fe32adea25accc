package sknet.data.image.jpeg;

import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Rows of a component at the image's full resolution. As libjpeg-turbo does it: halved columns, halved rows or both are
 * interpolated at a quarter and three quarters; whatever else is coarser is repeated. (libjpeg 6b, which the JDK brings along, but
 * Linux distributions replace, repeats halved rows of full width too.)
 */
final class Upsampling {
    private static final int LANES = Shapes.SHORTS.length();

    private int horizontal;
    private int vertical;
    private boolean smooth;
    private byte[] row = new byte[0];
    private short[] sums = new short[0];

    /**
     * Starts with an image.
     *
     * @param horizontal samples to make of one in a row
     * @param vertical   rows to make of one
     * @param width      of the component; as in libjpeg, narrow ones are not interpolated in a row
     * @param scale      of the image; where samples are means of blocks, each is repeated
     */
    void prepare(int horizontal, int vertical, int width, Scale scale) {
        this.horizontal = horizontal;
        this.vertical = vertical;
        smooth = scale != Scale.EIGHTH && (horizontal == 2 && vertical <= 2 && width > 2 || horizontal == 1 && vertical == 2);
    }

    /** Whether a row also needs the component's rows above or below it. */
    boolean needsNeighbours() {
        return smooth && vertical == 2;
    }

    private boolean isStored() {
        return horizontal == 1 && !smooth;
    }

    /** Where the rows are that {@link #select} computes. */
    byte[] samples(Plane plane) {
        return isStored() ? plane.samples() : row;
    }

    /**
     * Makes a part of a row.
     *
     * @param y     the row, at full resolution
     * @param left  first sample
     * @param right end of the samples, exclusive
     * @return index of the first sample in {@link #samples}
     */
    int select(Plane plane, int y, int left, int right) {
        if (isStored()) {
            return plane.nearest(y / vertical, left);
        }
        int first = left / horizontal;
        int count = (right + horizontal - 1) / horizontal - first;
        int room = count * horizontal + 2 * Shapes.SLACK;
        if (row.length < room) {
            row = new byte[room];
            sums = new short[count + Shapes.SLACK];
        }
        int near = plane.nearest(y / vertical, first);
        if (!smooth) {
            repeat(plane.samples(), near, count);
        } else if (vertical == 1) {
            interpolate(plane.samples(), near, count);
        } else if (horizontal == 1) {
            interpolate(plane.samples(), near, plane.nearest(neighbour(y), first), count, y % 2 == 0 ? 1 : 2);
        } else {
            int far = plane.nearest(neighbour(y), first);
            addRows(plane.samples(), near - 1, far - 1, count + 2);
            interpolateSums(count);
        }
        return left - first * horizontal;
    }

    private void repeat(byte[] samples, int start, int count) {
        for (int i = 0; i < count; i++) {
            for (int k = 0; k < horizontal; k++) {
                row[i * horizontal + k] = samples[start + i];
            }
        }
    }

    private void interpolate(byte[] samples, int start, int count) {
        for (int i = 0; i < count; i += LANES) {
            ShortVector middle = ((ShortVector) ByteVector.fromArray(Shapes.SHORT_BYTES, samples, start + i)
                    .convertShape(VectorOperators.B2S, Shapes.SHORTS, 0)).and((short) 0xFF).mul((short) 3);
            ShortVector before = ((ShortVector) ByteVector.fromArray(Shapes.SHORT_BYTES, samples, start + i - 1)
                    .convertShape(VectorOperators.B2S, Shapes.SHORTS, 0)).and((short) 0xFF);
            ShortVector after = ((ShortVector) ByteVector.fromArray(Shapes.SHORT_BYTES, samples, start + i + 1)
                    .convertShape(VectorOperators.B2S, Shapes.SHORTS, 0)).and((short) 0xFF);
            ShortVector even = middle.add(before).add((short) 1).lanewise(VectorOperators.LSHR, 2);
            ShortVector odd = middle.add(after).add((short) 2).lanewise(VectorOperators.LSHR, 2);
            // Two samples in each lane lie in memory one after the other.
            even.or(odd.lanewise(VectorOperators.LSHL, 8)).intoByteArray(row, 2 * i, ByteOrder.LITTLE_ENDIAN);
        }
    }

    private static int neighbour(int y) {
        return y / 2 + (y % 2 == 0 ? -1 : 1);
    }

    private void interpolate(byte[] samples, int near, int far, int count, int rounding) {
        for (int i = 0; i < count; i++) {
            row[i] = (byte) ((samples[near + i] & 0xFF) * 3 + (samples[far + i] & 0xFF) + rounding >> 2);
        }
    }

    private void addRows(byte[] samples, int near, int far, int count) {
        for (int i = 0; i < count; i += LANES) {
            ShortVector upper = ((ShortVector) ByteVector.fromArray(Shapes.SHORT_BYTES, samples, near + i)
                    .convertShape(VectorOperators.B2S, Shapes.SHORTS, 0)).and((short) 0xFF);
            ShortVector lower = ((ShortVector) ByteVector.fromArray(Shapes.SHORT_BYTES, samples, far + i)
                    .convertShape(VectorOperators.B2S, Shapes.SHORTS, 0)).and((short) 0xFF);
            upper.mul((short) 3).add(lower).intoArray(sums, i);
        }
    }

    private void interpolateSums(int count) {
        for (int i = 0; i < count; i += LANES) {
            ShortVector middle = ShortVector.fromArray(Shapes.SHORTS, sums, i + 1).mul((short) 3);
            ShortVector before = ShortVector.fromArray(Shapes.SHORTS, sums, i);
            ShortVector after = ShortVector.fromArray(Shapes.SHORTS, sums, i + 2);
            ShortVector even = middle.add(before).add((short) 8).lanewise(VectorOperators.LSHR, 4);
            ShortVector odd = middle.add(after).add((short) 7).lanewise(VectorOperators.LSHR, 4);
            even.or(odd.lanewise(VectorOperators.LSHL, 8)).intoByteArray(row, 2 * i, ByteOrder.LITTLE_ENDIAN);
        }
    }
}
