package sknet.kernel.vector;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import sknet.kernel.Rectifier;

/** One branch of an SK convolution: its norm, and the passes over an image's part of a column. */
final class Branch {
    final Affine affine;
    final NormGradient gradient;

    Branch(Columns columns, long valuesPerChannel, Rectifier rectifier, double epsilon) {
        affine = new Affine(columns, rectifier, epsilon);
        gradient = new NormGradient(columns, affine, valuesPerChannel);
    }

    /**
     * Sums of one image's column, over the pixels that the rectifier passes.
     *
     * @param gradients of dy
     * @param products  of dy * (x - mean)
     * @param counts    of 1
     * @param values    of x - mean
     */
    record Sums(double[] gradients, double[] products, double[] counts, double[] values) {
        Sums() {
            this(new double[Lanes.WIDTH], new double[Lanes.WIDTH], new double[Lanes.WIDTH], new double[Lanes.WIDTH]);
        }
    }

    /** Adds the rectified values up. */
    void pool(Column column, ByteBuffer x, int image, double[] sums, float[] part) {
        for (int at = column.start(image); at < column.end(image); at += column.chunk()) {
            FloatVector sum = pool(column.lanes(), x, column.channel(), at, Math.min(at + column.chunk(), column.end(image)), column.stride());
            Lanes.add(sum, part, sums);
        }
    }

    private FloatVector pool(Lanes lanes, ByteBuffer x, int channel, int start, int end, int stride) {
        FloatVector scale = FloatVector.fromArray(Lanes.SPECIES, affine.scale, channel);
        FloatVector shift = FloatVector.fromArray(Lanes.SPECIES, affine.shift, channel);
        FloatVector sum = FloatVector.zero(Lanes.SPECIES);
        float floor = affine.floor;
        for (int at = start; at < end; at += stride) {
            sum = sum.add(lanes.load(x, at).fma(scale, shift).max(floor));
        }
        return sum;
    }

    /** y = weight * rectified. */
    void weigh(Column column, ByteBuffer x, int image, float[] weights, int from, ByteBuffer y) {
        Lanes lanes = column.lanes();
        FloatVector scale = FloatVector.fromArray(Lanes.SPECIES, affine.scale, column.channel());
        FloatVector shift = FloatVector.fromArray(Lanes.SPECIES, affine.shift, column.channel());
        FloatVector weight = FloatVector.fromArray(Lanes.SPECIES, weights, from);
        float floor = affine.floor;
        int end = column.end(image);
        int stride = column.stride();
        for (int at = column.start(image); at < end; at += stride) {
            lanes.store(lanes.load(x, at).fma(scale, shift).max(floor).mul(weight), y, at);
        }
    }

    /** y += weight * rectified. */
    void addWeighed(Column column, ByteBuffer x, int image, float[] weights, int from, ByteBuffer y) {
        Lanes lanes = column.lanes();
        FloatVector scale = FloatVector.fromArray(Lanes.SPECIES, affine.scale, column.channel());
        FloatVector shift = FloatVector.fromArray(Lanes.SPECIES, affine.shift, column.channel());
        FloatVector weight = FloatVector.fromArray(Lanes.SPECIES, weights, from);
        float floor = affine.floor;
        int end = column.end(image);
        int stride = column.stride();
        for (int at = column.start(image); at < end; at += stride) {
            lanes.store(lanes.load(x, at).fma(scale, shift).max(floor).fma(weight, lanes.load(y, at)), y, at);
        }
    }

    /** y = weight * rectified of this branch and another: two branches are what most SK convolutions have. */
    void weighBoth(Column column, ByteBuffer x, Branch other, ByteBuffer otherX, int image, float[] weights, int from, int otherFrom,
                   ByteBuffer y) {
        Lanes lanes = column.lanes();
        int channel = column.channel();
        FloatVector scale = FloatVector.fromArray(Lanes.SPECIES, affine.scale, channel);
        FloatVector shift = FloatVector.fromArray(Lanes.SPECIES, affine.shift, channel);
        FloatVector weight = FloatVector.fromArray(Lanes.SPECIES, weights, from);
        FloatVector otherScale = FloatVector.fromArray(Lanes.SPECIES, other.affine.scale, channel);
        FloatVector otherShift = FloatVector.fromArray(Lanes.SPECIES, other.affine.shift, channel);
        FloatVector otherWeight = FloatVector.fromArray(Lanes.SPECIES, weights, otherFrom);
        float floor = affine.floor;
        float otherFloor = other.affine.floor;
        int end = column.end(image);
        int stride = column.stride();
        for (int at = column.start(image); at < end; at += stride) {
            FloatVector weighed = lanes.load(x, at).fma(scale, shift).max(floor).mul(weight);
            lanes.store(lanes.load(otherX, at).fma(otherScale, otherShift).max(otherFloor).fma(otherWeight, weighed), y, at);
        }
    }

    /** What the gradients need to know of an image. */
    Sums sums(Column column, ByteBuffer x, ByteBuffer dy, int image) {
        Sums sums = new Sums();
        float[] part = new float[Lanes.WIDTH];
        for (int at = column.start(image); at < column.end(image); at += column.chunk()) {
            add(column.lanes(), x, dy, column.channel(), at, Math.min(at + column.chunk(), column.end(image)), column.stride(), part, sums);
        }
        return sums;
    }

    private void add(Lanes lanes, ByteBuffer x, ByteBuffer dy, int channel, int start, int end, int stride, float[] part, Sums sums) {
        FloatVector zero = FloatVector.zero(Lanes.SPECIES);
        FloatVector one = FloatVector.broadcast(Lanes.SPECIES, 1);
        FloatVector floor = FloatVector.broadcast(Lanes.SPECIES, affine.floor);
        FloatVector scale = FloatVector.fromArray(Lanes.SPECIES, affine.scale, channel);
        FloatVector shift = FloatVector.fromArray(Lanes.SPECIES, affine.shift, channel);
        FloatVector mean = FloatVector.fromArray(Lanes.SPECIES, affine.mean, channel);
        FloatVector gradient = zero;
        FloatVector product = zero;
        FloatVector count = zero;
        FloatVector values = zero;
        for (int at = start; at < end; at += stride) {
            FloatVector value = lanes.load(x, at);
            FloatVector passes = zero.blend(one, floor.lt(value.fma(scale, shift)));
            FloatVector passed = lanes.load(dy, at).mul(passes);
            FloatVector centred = value.sub(mean);
            gradient = gradient.add(passed);
            product = centred.fma(passed, product);
            count = count.add(passes);
            values = centred.fma(passes, values);
        }
        Lanes.add(gradient, part, sums.gradients);
        Lanes.add(product, part, sums.products);
        Lanes.add(count, part, sums.counts);
        Lanes.add(values, part, sums.values);
    }

    /** dx = scale * (weight * dy + pixel) where the rectifier passes, and the way through the batch's statistics. */
    void backward(Column column, ByteBuffer x, ByteBuffer dy, int image, float[] weights, int weightAt, float[] pixels, int pixelAt,
                  ByteBuffer dx) {
        Lanes lanes = column.lanes();
        int channel = column.channel();
        FloatVector zero = FloatVector.zero(Lanes.SPECIES);
        FloatVector floor = FloatVector.broadcast(Lanes.SPECIES, affine.floor);
        FloatVector scale = FloatVector.fromArray(Lanes.SPECIES, affine.scale, channel);
        FloatVector shift = FloatVector.fromArray(Lanes.SPECIES, affine.shift, channel);
        FloatVector slope = FloatVector.fromArray(Lanes.SPECIES, gradient.slope, channel);
        FloatVector offset = FloatVector.fromArray(Lanes.SPECIES, gradient.offset, channel);
        FloatVector weight = FloatVector.fromArray(Lanes.SPECIES, weights, weightAt).mul(scale);
        FloatVector pixel = FloatVector.fromArray(Lanes.SPECIES, pixels, pixelAt).mul(scale);
        int end = column.end(image);
        int stride = column.stride();
        for (int at = column.start(image); at < end; at += stride) {
            FloatVector value = lanes.load(x, at);
            FloatVector passed = zero.blend(lanes.load(dy, at).fma(weight, pixel), floor.lt(value.fma(scale, shift)));
            lanes.store(value.fma(slope, offset).add(passed), dx, at);
        }
    }
}
