package sknet.kernel.vector;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** The passes of {@link VectorSelection} over rows of one branch. */
record SelectionPasses(Lanes lanes, Affine affine) {
    /**
     * Sums that {@link #sum} takes of a channel, over the pixels that the rectifier passes: of dy, of dy * (x - mean), of 1 and of x - mean.
     */
    static final int SUMS = 4;

    /** Adds the rectified values up. */
    void pool(ByteBuffer x, int start, int end, float[] sums, int to) {
        int channels = affine.scale.length;
        int whole = Lanes.whole(channels);
        float floor = affine.floor;
        for (int block = start; block < end; block += Strips.BLOCK) {
            int stop = Math.min(block + Strips.BLOCK, end);
            for (int c = 0; c < whole; c += Lanes.WIDTH) {
                FloatVector scale = FloatVector.fromArray(Lanes.SPECIES, affine.scale, c);
                FloatVector shift = FloatVector.fromArray(Lanes.SPECIES, affine.shift, c);
                FloatVector sum = FloatVector.fromArray(Lanes.SPECIES, sums, to + c);
                for (int at = block * channels + c; at < stop * channels; at += channels) {
                    sum = sum.add(lanes.load(x, at).fma(scale, shift).max(floor));
                }
                sum.intoArray(sums, to + c);
            }
            for (int c = whole; c < channels; c++) {
                for (int at = block * channels + c; at < stop * channels; at += channels) {
                    sums[to + c] += affine.value(lanes.get(x, at), c);
                }
            }
        }
    }

    /** y = weight * rectified, or += where {@code adds}. */
    void weigh(ByteBuffer x, int start, int end, float[] weights, int from, ByteBuffer y, boolean adds) {
        int channels = affine.scale.length;
        int whole = Lanes.whole(channels);
        float floor = affine.floor;
        for (int c = 0; c < whole; c += Lanes.WIDTH) {
            FloatVector scale = FloatVector.fromArray(Lanes.SPECIES, affine.scale, c);
            FloatVector shift = FloatVector.fromArray(Lanes.SPECIES, affine.shift, c);
            FloatVector weight = FloatVector.fromArray(Lanes.SPECIES, weights, from + c);
            if (adds) {
                for (int at = start * channels + c; at < end * channels; at += channels) {
                    FloatVector rectified = lanes.load(x, at).fma(scale, shift).max(floor);
                    lanes.store(rectified.fma(weight, lanes.load(y, at)), y, at);
                }
            } else {
                for (int at = start * channels + c; at < end * channels; at += channels) {
                    lanes.store(lanes.load(x, at).fma(scale, shift).max(floor).mul(weight), y, at);
                }
            }
        }
        for (int c = whole; c < channels; c++) {
            for (int at = start * channels + c; at < end * channels; at += channels) {
                float rectified = affine.value(lanes.get(x, at), c);
                lanes.put(Math.fma(rectified, weights[from + c], adds ? lanes.get(y, at) : 0), y, at);
            }
        }
    }

    /** Adds up what {@link #SUMS} tells. */
    void sum(ByteBuffer x, ByteBuffer dy, int start, int end, float[] sums, int to) {
        int channels = affine.scale.length;
        int whole = Lanes.whole(channels);
        FloatVector zero = FloatVector.zero(Lanes.SPECIES);
        FloatVector one = FloatVector.broadcast(Lanes.SPECIES, 1);
        FloatVector floor = FloatVector.broadcast(Lanes.SPECIES, affine.floor);
        for (int c = 0; c < whole; c += Lanes.WIDTH) {
            FloatVector scale = FloatVector.fromArray(Lanes.SPECIES, affine.scale, c);
            FloatVector shift = FloatVector.fromArray(Lanes.SPECIES, affine.shift, c);
            FloatVector mean = FloatVector.fromArray(Lanes.SPECIES, affine.mean, c);
            FloatVector gradients = FloatVector.fromArray(Lanes.SPECIES, sums, to + c);
            FloatVector products = FloatVector.fromArray(Lanes.SPECIES, sums, to + channels + c);
            FloatVector count = FloatVector.fromArray(Lanes.SPECIES, sums, to + 2 * channels + c);
            FloatVector values = FloatVector.fromArray(Lanes.SPECIES, sums, to + 3 * channels + c);
            for (int at = start * channels + c; at < end * channels; at += channels) {
                FloatVector value = lanes.load(x, at);
                FloatVector passes = zero.blend(one, floor.lt(value.fma(scale, shift)));
                FloatVector passed = lanes.load(dy, at).mul(passes);
                FloatVector centred = value.sub(mean);
                gradients = gradients.add(passed);
                products = centred.fma(passed, products);
                count = count.add(passes);
                values = centred.fma(passes, values);
            }
            gradients.intoArray(sums, to + c);
            products.intoArray(sums, to + channels + c);
            count.intoArray(sums, to + 2 * channels + c);
            values.intoArray(sums, to + 3 * channels + c);
        }
        for (int c = whole; c < channels; c++) {
            for (int at = start * channels + c; at < end * channels; at += channels) {
                float value = lanes.get(x, at);
                if (affine.passes(value, c)) {
                    float centred = value - affine.mean[c];
                    float gradient = lanes.get(dy, at);
                    sums[to + c] += gradient;
                    sums[to + channels + c] += centred * gradient;
                    sums[to + 2 * channels + c]++;
                    sums[to + 3 * channels + c] += centred;
                }
            }
        }
    }

    /** The gradient with respect to the attention weights, sum of dy * rectified, from one image's sums. */
    void weightGradient(float[] sums, int from, float[] gradient, int to) {
        int channels = affine.scale.length;
        for (int c = 0; c < channels; c++) {
            // What passes is scale * (x - mean) + beta.
            gradient[to + c] = affine.scale[c] * sums[from + channels + c] + affine.beta[c] * sums[from + c];
        }
    }

    /** dx = scale * (weight * dy + pixel) where the rectifier passes, and the way through the batch's statistics. */
    void backward(ByteBuffer x, ByteBuffer dy, int start, int end, float[] weights, int weightAt, float[] pixels, int pixelAt,
                  NormGradient gradient, ByteBuffer dx) {
        int channels = affine.scale.length;
        int whole = Lanes.whole(channels);
        FloatVector zero = FloatVector.zero(Lanes.SPECIES);
        FloatVector floor = FloatVector.broadcast(Lanes.SPECIES, affine.floor);
        for (int c = 0; c < whole; c += Lanes.WIDTH) {
            FloatVector scale = FloatVector.fromArray(Lanes.SPECIES, affine.scale, c);
            FloatVector shift = FloatVector.fromArray(Lanes.SPECIES, affine.shift, c);
            FloatVector slope = FloatVector.fromArray(Lanes.SPECIES, gradient.slope, c);
            FloatVector offset = FloatVector.fromArray(Lanes.SPECIES, gradient.offset, c);
            FloatVector weight = FloatVector.fromArray(Lanes.SPECIES, weights, weightAt + c).mul(scale);
            FloatVector pixel = FloatVector.fromArray(Lanes.SPECIES, pixels, pixelAt + c).mul(scale);
            for (int at = start * channels + c; at < end * channels; at += channels) {
                FloatVector value = lanes.load(x, at);
                FloatVector passed = zero.blend(lanes.load(dy, at).fma(weight, pixel), floor.lt(value.fma(scale, shift)));
                lanes.store(value.fma(slope, offset).add(passed), dx, at);
            }
        }
        for (int c = whole; c < channels; c++) {
            float weight = weights[weightAt + c] * affine.scale[c];
            float pixel = pixels[pixelAt + c] * affine.scale[c];
            for (int at = start * channels + c; at < end * channels; at += channels) {
                float value = lanes.get(x, at);
                float passed = affine.passes(value, c) ? Math.fma(lanes.get(dy, at), weight, pixel) : 0;
                lanes.put(Math.fma(value, gradient.slope[c], gradient.offset[c]) + passed, dx, at);
            }
        }
    }
}
