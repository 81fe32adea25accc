package sknet.kernel.vector;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;

/**
 * A batch norm in two passes over a column either way. The rectifier's derivative is read off the input, by the same product and sum as in the
 * forward pass: nothing but a few vectors is kept.
 */
final class VectorBatchNorm implements BatchNormKernel {
    private final Columns columns;
    private final Affine affine;
    private final NormGradient gradient;

    VectorBatchNorm(Columns columns, long valuesPerChannel, Rectifier rectifier, double epsilon) {
        this.columns = columns;
        affine = new Affine(columns, rectifier, epsilon);
        gradient = new NormGradient(columns, affine, valuesPerChannel);
    }

    @Override
    public void forward(INDArray input, NormVectors norm, INDArray output) {
        affine.learn(norm);
        columns.run(Memory.of(input), Memory.of(output), (column, x, y) -> {
            affine.fit(column, x[0]);
            affine.apply(column, x[0], y[0]);
        });
    }

    @Override
    public void infer(INDArray input, NormVectors norm, INDArray output) {
        affine.settle(norm);
        columns.run(Memory.of(input), Memory.of(output), (column, x, y) -> affine.apply(column, x[0], y[0]));
    }

    @Override
    public void backward(INDArray input, INDArray outputGradient, NormVectors norm, INDArray inputGradient, double share,
                         NormVectors gradients) {
        columns.run(Memory.of(input, outputGradient), Memory.of(inputGradient), (column, in, out) -> {
            solve(column, in[0], in[1]);
            for (int n = 0; n < column.images(); n++) {
                write(column.lanes(), in[0], in[1], out[0], column.channel(), column.start(n), column.end(n), column.stride());
            }
        });
        gradient.write(share, norm, gradients);
    }

    private void solve(Column column, ByteBuffer x, ByteBuffer dy) {
        double[] sums = new double[Lanes.WIDTH];
        double[] products = new double[Lanes.WIDTH];
        float[] part = new float[Lanes.WIDTH];
        for (int n = 0; n < column.images(); n++) {
            for (int at = column.start(n); at < column.end(n); at += column.chunk()) {
                add(column.lanes(), x, dy, column.channel(), at, Math.min(at + column.chunk(), column.end(n)), column.stride(), part, sums,
                        products);
            }
        }
        for (int lane = 0; lane < column.width(); lane++) {
            gradient.solve(column.channel() + lane, sums[lane], products[lane]);
        }
    }

    private void add(Lanes lanes, ByteBuffer x, ByteBuffer dy, int channel, int start, int end, int stride, float[] part, double[] sums,
                     double[] products) {
        FloatVector zero = FloatVector.zero(Lanes.SPECIES);
        FloatVector floor = FloatVector.broadcast(Lanes.SPECIES, affine.floor);
        FloatVector scale = FloatVector.fromArray(Lanes.SPECIES, affine.scale, channel);
        FloatVector shift = FloatVector.fromArray(Lanes.SPECIES, affine.shift, channel);
        FloatVector mean = FloatVector.fromArray(Lanes.SPECIES, affine.mean, channel);
        FloatVector sum = zero;
        FloatVector product = zero;
        for (int at = start; at < end; at += stride) {
            FloatVector value = lanes.load(x, at);
            FloatVector passed = zero.blend(lanes.load(dy, at), floor.lt(value.fma(scale, shift)));
            sum = sum.add(passed);
            product = value.sub(mean).fma(passed, product);
        }
        Lanes.add(sum, part, sums);
        Lanes.add(product, part, products);
    }

    private void write(Lanes lanes, ByteBuffer x, ByteBuffer dy, ByteBuffer dx, int channel, int start, int end, int stride) {
        FloatVector zero = FloatVector.zero(Lanes.SPECIES);
        FloatVector floor = FloatVector.broadcast(Lanes.SPECIES, affine.floor);
        FloatVector scale = FloatVector.fromArray(Lanes.SPECIES, affine.scale, channel);
        FloatVector shift = FloatVector.fromArray(Lanes.SPECIES, affine.shift, channel);
        FloatVector slope = FloatVector.fromArray(Lanes.SPECIES, gradient.slope, channel);
        FloatVector offset = FloatVector.fromArray(Lanes.SPECIES, gradient.offset, channel);
        for (int at = start; at < end; at += stride) {
            FloatVector value = lanes.load(x, at);
            FloatVector passed = zero.blend(lanes.load(dy, at), floor.lt(value.fma(scale, shift)));
            lanes.store(passed.fma(scale, value.fma(slope, offset)), dx, at);
        }
    }

    @Override
    public void close() {}
}
