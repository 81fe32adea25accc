package sknet.kernel.vector;

import java.nio.ByteBuffer;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;

/**
 * A batch norm in two passes either way. The rectifier's derivative is read off the input, by the same product and sum as in the forward pass:
 * nothing but a few vectors is kept.
 */
final class VectorBatchNorm implements BatchNormKernel {
    private final Lanes lanes;
    private final Strips strips;
    private final Moments moments;
    private final Affine affine;
    /** Of a strip: the sums of the gradients and of their products with the centred values. */
    private final float[] sums;
    private final NormGradient gradient;

    VectorBatchNorm(ChannelShape shape, Rectifier rectifier, double epsilon, DataType type) {
        lanes = Lanes.of(type);
        strips = Strips.of(shape);
        moments = new Moments(strips);
        affine = new Affine(shape.channels(), rectifier, epsilon);
        sums = new float[strips.count() * 2 * shape.channels()];
        gradient = new NormGradient(affine, shape.valuesPerChannel());
    }

    @Override
    public void forward(INDArray input, NormVectors norm, INDArray output) {
        ByteBuffer x = Memory.of(input);
        moments.take(lanes, x);
        affine.fit(moments, norm);
        apply(x, Memory.of(output));
    }

    @Override
    public void inference(INDArray input, NormVectors norm, INDArray output) {
        affine.take(norm);
        apply(Memory.of(input), Memory.of(output));
    }

    private void apply(ByteBuffer x, ByteBuffer y) {
        Team.run(strips.count(), strip -> affine.apply(lanes, x, y, strips.start(strip), strips.end(strip)));
    }

    @Override
    public void backward(INDArray input, INDArray outputGradient, NormVectors norm, INDArray inputGradient, double share,
                         NormVectors gradients) {
        ByteBuffer x = Memory.of(input);
        ByteBuffer dy = Memory.of(outputGradient);
        ByteBuffer dx = Memory.of(inputGradient);
        Arrays.fill(sums, 0);
        Team.run(strips.count(), strip -> add(x, dy, strips.start(strip), strips.end(strip), strip * 2 * strips.channels()));
        Strips.sum(sums, gradient.sums);
        gradient.solve();
        Team.run(strips.count(), strip -> write(x, dy, dx, strips.start(strip), strips.end(strip)));
        gradient.write(gradients);
        affine.pull(share, norm, gradients);
    }

    private void add(ByteBuffer x, ByteBuffer dy, int start, int end, int to) {
        int channels = strips.channels();
        int whole = Lanes.whole(channels);
        FloatVector zero = FloatVector.zero(Lanes.SPECIES);
        FloatVector floor = FloatVector.broadcast(Lanes.SPECIES, affine.floor);
        for (int block = start; block < end; block += Strips.BLOCK) {
            int stop = Math.min(block + Strips.BLOCK, end);
            for (int c = 0; c < whole; c += Lanes.WIDTH) {
                FloatVector scale = FloatVector.fromArray(Lanes.SPECIES, affine.scale, c);
                FloatVector shift = FloatVector.fromArray(Lanes.SPECIES, affine.shift, c);
                FloatVector mean = FloatVector.fromArray(Lanes.SPECIES, affine.mean, c);
                FloatVector sum = FloatVector.fromArray(Lanes.SPECIES, sums, to + c);
                FloatVector products = FloatVector.fromArray(Lanes.SPECIES, sums, to + channels + c);
                for (int at = block * channels + c; at < stop * channels; at += channels) {
                    FloatVector value = lanes.load(x, at);
                    FloatVector passed = zero.blend(lanes.load(dy, at), floor.lt(value.fma(scale, shift)));
                    sum = sum.add(passed);
                    products = value.sub(mean).fma(passed, products);
                }
                sum.intoArray(sums, to + c);
                products.intoArray(sums, to + channels + c);
            }
            for (int c = whole; c < channels; c++) {
                for (int at = block * channels + c; at < stop * channels; at += channels) {
                    float value = lanes.get(x, at);
                    float passed = affine.passes(value, c) ? lanes.get(dy, at) : 0;
                    sums[to + c] += passed;
                    sums[to + channels + c] += (value - affine.mean[c]) * passed;
                }
            }
        }
    }

    private void write(ByteBuffer x, ByteBuffer dy, ByteBuffer dx, int start, int end) {
        int channels = strips.channels();
        int whole = Lanes.whole(channels);
        FloatVector zero = FloatVector.zero(Lanes.SPECIES);
        FloatVector floor = FloatVector.broadcast(Lanes.SPECIES, affine.floor);
        for (int block = start; block < end; block += Strips.BLOCK) {
            int stop = Math.min(block + Strips.BLOCK, end);
            for (int c = 0; c < whole; c += Lanes.WIDTH) {
                FloatVector scale = FloatVector.fromArray(Lanes.SPECIES, affine.scale, c);
                FloatVector shift = FloatVector.fromArray(Lanes.SPECIES, affine.shift, c);
                FloatVector slope = FloatVector.fromArray(Lanes.SPECIES, gradient.slope, c);
                FloatVector offset = FloatVector.fromArray(Lanes.SPECIES, gradient.offset, c);
                for (int at = block * channels + c; at < stop * channels; at += channels) {
                    FloatVector value = lanes.load(x, at);
                    FloatVector passed = zero.blend(lanes.load(dy, at), floor.lt(value.fma(scale, shift)));
                    lanes.store(passed.fma(scale, value.fma(slope, offset)), dx, at);
                }
            }
            for (int c = whole; c < channels; c++) {
                for (int at = block * channels + c; at < stop * channels; at += channels) {
                    float value = lanes.get(x, at);
                    float passed = affine.passes(value, c) ? lanes.get(dy, at) : 0;
                    lanes.put(Math.fma(passed, affine.scale[c], Math.fma(value, gradient.slope[c], gradient.offset[c])), dx, at);
                }
            }
        }
    }

    @Override
    public void close() {}
}
