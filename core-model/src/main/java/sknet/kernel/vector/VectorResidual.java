package sknet.kernel.vector;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;
import sknet.kernel.ResidualKernel;

/** The sum in one pass over a column, after one for each norm's statistics; its gradient in two. An addend as it is counts as one with scale 1. */
final class VectorResidual implements ResidualKernel {
    private final Columns columns;
    private final Affine[] affines;
    private final NormGradient[] gradients;

    VectorResidual(Columns columns, long valuesPerChannel, double epsilon) {
        this.columns = columns;
        affines = new Affine[] {new Affine(columns, Rectifier.NONE, epsilon), new Affine(columns, Rectifier.NONE, epsilon)};
        gradients = new NormGradient[] {new NormGradient(columns, affines[0], valuesPerChannel),
            new NormGradient(columns, affines[1], valuesPerChannel)};
    }

    @Override
    public void forward(INDArray[] addends, NormVectors[] norms, INDArray output) {
        for (int i = 0; i < norms.length; i++) {
            affines[i].learn(norms[i]);
        }
        if (norms.length == 1) {
            affines[1].becomeIdentity();
        }
        columns.run(Memory.of(addends), Memory.of(output), (column, x, y) -> {
            for (int i = 0; i < norms.length; i++) {
                affines[i].fit(column, x[i]);
            }
            for (int n = 0; n < column.images(); n++) {
                add(column.lanes(), x[0], x[1], y[0], column.channel(), column.start(n), column.end(n), column.stride());
            }
        });
    }

    private void add(Lanes lanes, ByteBuffer first, ByteBuffer second, ByteBuffer y, int channel, int start, int end, int stride) {
        FloatVector scale = FloatVector.fromArray(Lanes.SPECIES, affines[0].scale, channel);
        FloatVector shift = FloatVector.fromArray(Lanes.SPECIES, affines[0].shift, channel)
                .add(FloatVector.fromArray(Lanes.SPECIES, affines[1].shift, channel));
        FloatVector secondScale = FloatVector.fromArray(Lanes.SPECIES, affines[1].scale, channel);
        for (int at = start; at < end; at += stride) {
            lanes.store(lanes.load(first, at).fma(scale, lanes.load(second, at).fma(secondScale, shift)).max(0), y, at);
        }
    }

    @Override
    public void backward(INDArray[] addends, NormVectors[] norms, INDArray output, INDArray outputGradient, INDArray[] addendGradients,
                         double share, NormVectors[] normGradients) {
        // Of an addend as it is nothing is read: its slope is 0.
        INDArray second = norms.length == 2 ? addends[1] : addends[0];
        columns.run(Memory.of(addends[0], second, output, outputGradient), Memory.of(addendGradients), (column, in, dx) -> {
            for (int i = 0; i < norms.length; i++) {
                solve(column, i, in[i], in[2], in[3]);
            }
            for (int n = 0; n < column.images(); n++) {
                write(column, in, dx, column.start(n), column.end(n));
            }
        });
        for (int i = 0; i < norms.length; i++) {
            gradients[i].write(share, norms[i], normGradients[i]);
        }
    }

    private void solve(Column column, int addend, ByteBuffer x, ByteBuffer y, ByteBuffer dy) {
        double[] sums = new double[Lanes.WIDTH];
        double[] products = new double[Lanes.WIDTH];
        float[] part = new float[Lanes.WIDTH];
        for (int n = 0; n < column.images(); n++) {
            for (int at = column.start(n); at < column.end(n); at += column.chunk()) {
                sum(column.lanes(), affines[addend].mean, x, y, dy, column.channel(), at, Math.min(at + column.chunk(), column.end(n)),
                        column.stride(), part, sums, products);
            }
        }
        for (int lane = 0; lane < column.width(); lane++) {
            gradients[addend].solve(column.channel() + lane, sums[lane], products[lane]);
        }
    }

    private static void sum(Lanes lanes, float[] means, ByteBuffer x, ByteBuffer y, ByteBuffer dy, int channel, int start, int end, int stride,
                            float[] part, double[] sums, double[] products) {
        FloatVector zero = FloatVector.zero(Lanes.SPECIES);
        FloatVector mean = FloatVector.fromArray(Lanes.SPECIES, means, channel);
        FloatVector sum = zero;
        FloatVector product = zero;
        for (int at = start; at < end; at += stride) {
            FloatVector passed = zero.blend(lanes.load(dy, at), zero.lt(lanes.load(y, at)));
            sum = sum.add(passed);
            product = lanes.load(x, at).sub(mean).fma(passed, product);
        }
        Lanes.add(sum, part, sums);
        Lanes.add(product, part, products);
    }

    private void write(Column column, ByteBuffer[] in, ByteBuffer[] dx, int start, int end) {
        Lanes lanes = column.lanes();
        int channel = column.channel();
        FloatVector zero = FloatVector.zero(Lanes.SPECIES);
        FloatVector scale = FloatVector.fromArray(Lanes.SPECIES, affines[0].scale, channel);
        FloatVector slope = FloatVector.fromArray(Lanes.SPECIES, gradients[0].slope, channel);
        FloatVector offset = FloatVector.fromArray(Lanes.SPECIES, gradients[0].offset, channel);
        FloatVector secondScale = FloatVector.fromArray(Lanes.SPECIES, affines[1].scale, channel);
        FloatVector secondSlope = FloatVector.fromArray(Lanes.SPECIES, gradients[1].slope, channel);
        FloatVector secondOffset = FloatVector.fromArray(Lanes.SPECIES, gradients[1].offset, channel);
        ByteBuffer first = in[0];
        ByteBuffer second = in[1];
        ByteBuffer y = in[2];
        ByteBuffer dy = in[3];
        ByteBuffer firstGradient = dx[0];
        ByteBuffer secondGradient = dx[1];
        int stride = column.stride();
        for (int at = start; at < end; at += stride) {
            FloatVector passed = zero.blend(lanes.load(dy, at), zero.lt(lanes.load(y, at)));
            FloatVector ofSecond = passed.fma(secondScale, lanes.load(second, at).fma(secondSlope, secondOffset));
            lanes.store(passed.fma(scale, lanes.load(first, at).fma(slope, offset)), firstGradient, at);
            lanes.store(ofSecond, secondGradient, at);
        }
    }

    @Override
    public void close() {}
}
