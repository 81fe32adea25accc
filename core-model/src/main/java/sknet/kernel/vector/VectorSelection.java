package sknet.kernel.vector;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ChannelShape;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;
import sknet.kernel.SelectionKernel;

/**
 * Split's norms, Fuse and Select. Rectified branches are computed anew wherever they are needed, which costs less than writing them and reading
 * them again: from memory, a forward pass reads each branch twice and writes the output, a backward pass reads each branch and the output's gradient
 * twice and writes the branches' gradients.
 */
final class VectorSelection implements SelectionKernel {
    /** Of an image and channel of a branch in {@link #sums}: what {@link Branch.Sums} tells but the gradients with respect to the weights. */
    private static final int SUMS = 4;

    private final ChannelShape shape;
    private final Columns columns;
    private final Branch[] branches;
    private final Attention attention;
    private final float[] fusedMeans;
    private final float[] logits;
    private final float[] attentionGradient;
    private final float[] pixelGradient;
    private final double[] sums;

    VectorSelection(ChannelShape shape, Columns columns, List<Rectifier> rectifiers, double epsilon) {
        this.shape = shape;
        this.columns = columns;
        branches = rectifiers.stream().map(rectifier -> new Branch(columns, shape.valuesPerChannel(), rectifier, epsilon)).toArray(Branch[]::new);
        int branchCount = branches.length;
        attention = new Attention(branchCount, shape.batch(), shape.channels());
        int vectors = shape.batch() * shape.channels();
        fusedMeans = new float[vectors];
        logits = new float[branchCount * vectors];
        attentionGradient = new float[branchCount * vectors];
        pixelGradient = new float[vectors + Lanes.WIDTH];
        sums = new double[branchCount * vectors * SUMS];
    }

    @Override
    public void fuse(INDArray[] convolved, NormVectors[] norms, INDArray fused) {
        for (int m = 0; m < branches.length; m++) {
            branches[m].affine.learn(norms[m]);
        }
        columns.run(Memory.of(convolved), Memory.of(), (column, x, none) -> {
            for (int m = 0; m < branches.length; m++) {
                branches[m].affine.fit(column, x[m]);
            }
            pool(column, x);
        });
        Memory.floats(fused).put(fusedMeans);
    }

    @Override
    public void fuse(INDArray[] maps, INDArray fused) {
        for (Branch branch : branches) {
            branch.affine.becomeIdentity();
        }
        columns.run(Memory.of(maps), Memory.of(), (column, x, none) -> pool(column, x));
        Memory.floats(fused).put(fusedMeans);
    }

    /** The mean over the map of the branches' sum. */
    private void pool(Column column, ByteBuffer[] x) {
        double[] total = new double[Lanes.WIDTH];
        float[] part = new float[Lanes.WIDTH];
        for (int n = 0; n < column.images(); n++) {
            Arrays.fill(total, 0);
            for (int m = 0; m < branches.length; m++) {
                branches[m].pool(column, x[m], n, total, part);
            }
            for (int lane = 0; lane < column.width(); lane++) {
                fusedMeans[n * shape.channels() + column.channel() + lane] = (float) (total[lane] / column.pixels());
            }
        }
    }

    @Override
    public void select(INDArray[] convolved, INDArray logitRows, INDArray output) {
        Memory.floats(logitRows).get(logits);
        attention.attend(logits);
        columns.run(Memory.of(convolved), Memory.of(output), (column, x, y) -> {
            for (int n = 0; n < column.images(); n++) {
                select(column, x, n, y[0]);
            }
        });
    }

    private void select(Column column, ByteBuffer[] x, int image, ByteBuffer y) {
        int channel = column.channel();
        int first = attention.at(0, image) + channel;
        if (branches.length == 1) {
            branches[0].weigh(column, x[0], image, attention.weights, first, y);
            return;
        }
        branches[0].weighBoth(column, x[0], branches[1], x[1], image, attention.weights, first, attention.at(1, image) + channel, y);
        for (int m = 2; m < branches.length; m++) {
            branches[m].addWeighed(column, x[m], image, attention.weights, attention.at(m, image) + channel, y);
        }
    }

    @Override
    public INDArray attention() {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return Nd4j.createFromArray(Arrays.copyOf(attention.weights, logits.length))
                    .reshape('c', branches.length, shape.batch(), shape.channels());
        }
    }

    @Override
    public void branch(int branch, INDArray convolved, INDArray output) {
        columns.run(Memory.of(convolved), Memory.of(output), (column, x, y) -> branches[branch].affine.apply(column, x[0], y[0]));
    }

    @Override
    public void selectBackward(INDArray[] convolved, INDArray outputGradient, INDArray logitGradient) {
        INDArray[] inputs = Arrays.copyOf(convolved, convolved.length + 1);
        inputs[convolved.length] = outputGradient;
        columns.run(Memory.of(inputs), Memory.of(), (column, in, none) -> {
            for (int n = 0; n < column.images(); n++) {
                for (int m = 0; m < branches.length; m++) {
                    keep(column, n, m, branches[m].sums(column, in[m], in[branches.length], n));
                }
            }
        });
        attention.backward(attentionGradient, logits);
        Memory.floats(logitGradient).put(logits);
    }

    private void keep(Column column, int image, int m, Branch.Sums of) {
        Affine affine = branches[m].affine;
        for (int lane = 0; lane < column.width(); lane++) {
            int channel = column.channel() + lane;
            int vector = attention.at(m, image) + channel;
            // The sum of dy * rectified: what passes is scale * (x - mean) + beta.
            attentionGradient[vector] = (float) (affine.scale[channel] * of.products()[lane] + affine.beta[channel] * of.gradients()[lane]);
            sums[vector * SUMS] = of.gradients()[lane];
            sums[vector * SUMS + 1] = of.counts()[lane];
            sums[vector * SUMS + 2] = of.products()[lane];
            sums[vector * SUMS + 3] = of.values()[lane];
        }
    }

    @Override
    public void branchesBackward(INDArray[] convolved, NormVectors[] norms, INDArray outputGradient, INDArray fusedGradient,
                                 INDArray[] convolvedGradients, double share, NormVectors[] normGradients) {
        int vectors = shape.batch() * shape.channels();
        Memory.floats(fusedGradient).get(pixelGradient, 0, vectors);
        for (int i = 0; i < vectors; i++) {
            pixelGradient[i] /= shape.pixels();
        }
        INDArray[] inputs = Arrays.copyOf(convolved, convolved.length + 1);
        inputs[convolved.length] = outputGradient;
        columns.run(Memory.of(inputs), Memory.of(convolvedGradients), (column, in, dx) -> {
            for (int m = 0; m < branches.length; m++) {
                solve(column, m);
            }
            for (int n = 0; n < column.images(); n++) {
                for (int m = 0; m < branches.length; m++) {
                    branches[m].backward(column, in[m], in[branches.length], n, attention.weights, attention.at(m, n) + column.channel(),
                            pixelGradient, n * shape.channels() + column.channel(), dx[m]);
                }
            }
        });
        for (int m = 0; m < branches.length; m++) {
            branches[m].gradient.write(share, norms[m], normGradients[m]);
        }
    }

    /**
     * The gradient of a branch's norm from sums over the batch: what reaches it is weight * dy + pixelGradient where the rectifier passes, and what
     * is constant in an image leaves its sum.
     */
    private void solve(Column column, int m) {
        for (int lane = 0; lane < column.width(); lane++) {
            int channel = column.channel() + lane;
            double sum = 0;
            double product = 0;
            for (int n = 0; n < column.images(); n++) {
                int vector = attention.at(m, n) + channel;
                double weight = attention.weights[vector];
                double pixel = pixelGradient[n * shape.channels() + channel];
                sum += weight * sums[vector * SUMS] + pixel * sums[vector * SUMS + 1];
                product += weight * sums[vector * SUMS + 2] + pixel * sums[vector * SUMS + 3];
            }
            branches[m].gradient.solve(channel, sum, product);
        }
    }

    @Override
    public void close() {}
}
