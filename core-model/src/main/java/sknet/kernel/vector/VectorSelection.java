package sknet.kernel.vector;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ChannelShape;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;
import sknet.kernel.SelectionKernel;

/**
 * Split's norms, Fuse and Select. Rectified branches are computed anew wherever they are needed, which costs less than writing them and reading
 * them again: a forward pass reads each branch three times and writes the output, a backward pass reads each branch and the output's gradient
 * twice and writes the branches' gradients.
 */
final class VectorSelection implements SelectionKernel {
    private final Lanes lanes;
    private final ChannelShape shape;
    private final Strips strips;
    private final int branches;
    private final Moments moments;
    private final SelectionPasses[] passes;
    private final NormGradient[] gradients;
    private final Attention attention;
    private final float[] pooled;
    private final float[] stripSums;
    private final float[] imageSums;
    private final float[] fusedSums;
    private final float[] logits;
    private final float[] attentionGradient;
    private final float[] pixelGradient;

    VectorSelection(ChannelShape shape, int branches, Rectifier rectifier, double epsilon, DataType type) {
        this.shape = shape;
        this.branches = branches;
        lanes = Lanes.of(type);
        strips = Strips.of(shape);
        moments = new Moments(strips);
        passes = IntStream.range(0, branches).mapToObj(m -> new SelectionPasses(lanes, new Affine(shape.channels(), rectifier, epsilon)))
                .toArray(SelectionPasses[]::new);
        gradients = IntStream.range(0, branches).mapToObj(m -> new NormGradient(passes[m].affine(), shape.valuesPerChannel()))
                .toArray(NormGradient[]::new);
        attention = new Attention(branches, shape.batch(), shape.channels());
        int vectors = shape.batch() * shape.channels();
        pooled = new float[strips.count() * shape.channels()];
        stripSums = new float[strips.count() * branches * SelectionPasses.SUMS * shape.channels()];
        imageSums = new float[branches * SelectionPasses.SUMS * vectors];
        fusedSums = new float[vectors];
        logits = new float[branches * vectors];
        attentionGradient = new float[branches * vectors];
        pixelGradient = new float[vectors];
    }

    @Override
    public void fuse(INDArray[] convolved, NormVectors[] norms, INDArray fused) {
        ByteBuffer[] x = Memory.of(convolved);
        for (int m = 0; m < branches; m++) {
            moments.take(lanes, x[m]);
            passes[m].affine().fit(moments, norms[m]);
        }
        pool(x, fused);
    }

    @Override
    public void fuseInference(INDArray[] convolved, NormVectors[] norms, INDArray fused) {
        for (int m = 0; m < branches; m++) {
            passes[m].affine().take(norms[m]);
        }
        pool(Memory.of(convolved), fused);
    }

    /** The mean over the map of the branches' sum. */
    private void pool(ByteBuffer[] x, INDArray fused) {
        int channels = shape.channels();
        Arrays.fill(pooled, 0);
        Team.run(strips.count(), strip -> {
            for (int m = 0; m < branches; m++) {
                passes[m].pool(x[m], strips.start(strip), strips.end(strip), pooled, strip * channels);
            }
        });
        strips.sumByImage(pooled, fusedSums);
        for (int i = 0; i < fusedSums.length; i++) {
            fusedSums[i] /= shape.pixels();
        }
        Memory.write(fusedSums, fused);
    }

    @Override
    public void select(INDArray[] convolved, INDArray logitRows, INDArray output) {
        Memory.read(logitRows, logits);
        attention.attend(logits);
        ByteBuffer[] x = Memory.of(convolved);
        ByteBuffer y = Memory.of(output);
        Team.run(strips.count(), strip -> {
            int end = strips.end(strip);
            // A block of rows stays in the innermost cache while the branches are added up in it.
            for (int row = strips.start(strip); row < end; row += Strips.BLOCK) {
                for (int m = 0; m < branches; m++) {
                    passes[m].weigh(x[m], row, Math.min(row + Strips.BLOCK, end), attention.weights,
                            attention.at(m, strips.image(strip)), y, m > 0);
                }
            }
        });
    }

    @Override
    public INDArray attention() {
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return Nd4j.createFromArray(attention.weights).reshape('c', branches, shape.batch(), shape.channels());
        }
    }

    @Override
    public void branch(int branch, INDArray convolved, INDArray output) {
        passes[branch].affine().apply(lanes, Memory.of(convolved), Memory.of(output), 0, Math.toIntExact(shape.valuesPerChannel()));
    }

    @Override
    public void selectBackward(INDArray[] convolved, INDArray outputGradient, INDArray logitGradient) {
        ByteBuffer[] x = Memory.of(convolved);
        ByteBuffer dy = Memory.of(outputGradient);
        int length = SelectionPasses.SUMS * shape.channels();
        Arrays.fill(stripSums, 0);
        Team.run(strips.count(), strip -> {
            int end = strips.end(strip);
            for (int row = strips.start(strip); row < end; row += Strips.BLOCK) {
                for (int m = 0; m < branches; m++) {
                    passes[m].sum(x[m], dy, row, Math.min(row + Strips.BLOCK, end), stripSums, (strip * branches + m) * length);
                }
            }
        });
        strips.sumByImage(stripSums, imageSums);
        for (int n = 0; n < shape.batch(); n++) {
            for (int m = 0; m < branches; m++) {
                passes[m].weightGradient(imageSums, (n * branches + m) * length, attentionGradient, attention.at(m, n));
            }
        }
        attention.backward(attentionGradient, logits);
        Memory.write(logits, logitGradient);
    }

    @Override
    public void branchesBackward(INDArray[] convolved, NormVectors[] norms, INDArray outputGradient, INDArray fusedGradient,
                                 INDArray[] convolvedGradients, double share, NormVectors[] normGradients) {
        Memory.read(fusedGradient, pixelGradient);
        for (int i = 0; i < pixelGradient.length; i++) {
            pixelGradient[i] /= shape.pixels();
        }
        for (int m = 0; m < branches; m++) {
            total(m);
            gradients[m].solve();
            gradients[m].write(normGradients[m]);
            passes[m].affine().pull(share, norms[m], normGradients[m]);
        }
        ByteBuffer[] x = Memory.of(convolved);
        ByteBuffer[] dx = Memory.of(convolvedGradients);
        ByteBuffer dy = Memory.of(outputGradient);
        Team.run(strips.count(), strip -> {
            int image = strips.image(strip);
            int end = strips.end(strip);
            for (int row = strips.start(strip); row < end; row += Strips.BLOCK) {
                for (int m = 0; m < branches; m++) {
                    passes[m].backward(x[m], dy, row, Math.min(row + Strips.BLOCK, end), attention.weights, attention.at(m, image),
                            pixelGradient, image * shape.channels(), gradients[m], dx[m]);
                }
            }
        });
    }

    /** The sums of a branch's gradient over the batch: it is weight * dy + pixelGradient where the rectifier passes, and constant factors leave a sum. */
    private void total(int m) {
        int channels = shape.channels();
        double[] sums = gradients[m].sums;
        Arrays.fill(sums, 0);
        for (int n = 0; n < shape.batch(); n++) {
            int from = (n * branches + m) * SelectionPasses.SUMS * channels;
            for (int c = 0; c < channels; c++) {
                double weight = attention.weights[attention.at(m, n) + c];
                double pixel = pixelGradient[n * channels + c];
                sums[c] += weight * imageSums[from + c] + pixel * imageSums[from + 2 * channels + c];
                sums[channels + c] += weight * imageSums[from + channels + c] + pixel * imageSums[from + 3 * channels + c];
            }
        }
    }

    @Override
    public void close() {}
}
