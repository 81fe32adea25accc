package sknet.kernel.nd4j;

import java.util.List;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;
import sknet.kernel.SelectionKernel;

/** Split's norms, Fuse and Select in dense passes; the rectified branches are kept. */
final class Nd4jSelection implements SelectionKernel {
    private final int branches;
    private final ChannelShape shape;
    private final BatchNormKernel[] batchNorms;
    private final INDArray[] maps;
    private final BranchAttention attention;
    private final Buffers buffers;
    private final PerChannel perChannel;
    private final INDArray scratch;

    Nd4jSelection(ChannelShape shape, List<Rectifier> rectifiers, double epsilon, DataType type) {
        branches = rectifiers.size();
        this.shape = shape;
        buffers = new Buffers(type);
        batchNorms = rectifiers.stream().map(rectifier -> new Nd4jBatchNorm(shape, rectifier, epsilon, type)).toArray(BatchNormKernel[]::new);
        maps = Stream.generate(() -> buffers.zeros(shape.batch(), shape.channels(), shape.height(), shape.width())).limit(branches)
                .toArray(INDArray[]::new);
        attention = new BranchAttention(shape, branches, type);
        perChannel = new PerChannel(shape, buffers);
        scratch = buffers.zeros(shape.batch(), shape.channels(), shape.pixels());
    }

    @Override
    public void fuse(INDArray[] convolved, NormVectors[] norms, INDArray fused) {
        for (int m = 0; m < branches; m++) {
            batchNorms[m].forward(convolved[m], norms[m], maps[m]);
        }
        pool(fused);
    }

    @Override
    public void fuse(INDArray[] rectified, INDArray fused) {
        for (int m = 0; m < branches; m++) {
            maps[m].assign(rectified[m]);
        }
        pool(fused);
    }

    private void pool(INDArray fused) {
        for (int m = 0; m < branches; m++) {
            perChannel.mapMeans(maps[m], attention.pooled(m));
        }
        attention.fuse(fused);
    }

    @Override
    public void select(INDArray[] convolved, INDArray logits, INDArray output) {
        attention.attend(logits);
        INDArray result = perChannel.maps(output);
        perChannel.byMap("multiply", maps[0], attention.weights(0), result);
        for (int m = 1; m < branches; m++) {
            perChannel.byMap("multiply", maps[m], attention.weights(m), scratch);
            result.addi(scratch);
        }
    }

    @Override
    public INDArray attention() {
        return attention.weights().dup('c');
    }

    @Override
    public void branch(int branch, INDArray convolved, INDArray output) {
        output.assign(maps[branch]);
    }

    @Override
    public void selectBackward(INDArray[] convolved, INDArray outputGradient, INDArray logitGradient) {
        INDArray gradient = perChannel.maps(outputGradient);
        for (int m = 0; m < branches; m++) {
            perChannel.maps(maps[m]).muli(gradient, scratch);
            perChannel.mapMeans(scratch, attention.gradient(m));
        }
        attention.backward(shape.pixels(), logitGradient);
    }

    @Override
    public void branchesBackward(INDArray[] convolved, NormVectors[] norms, INDArray outputGradient, INDArray fusedGradient,
                                 INDArray[] convolvedGradients, double share, NormVectors[] gradients) {
        INDArray pixelGradient = fusedGradient.div(shape.pixels());
        for (int m = 0; m < branches; m++) {
            perChannel.byMap("multiply", outputGradient, attention.weights(m), scratch);
            perChannel.byMap("add", scratch, pixelGradient, convolvedGradients[m]);
            batchNorms[m].backward(convolved[m], convolvedGradients[m], norms[m], convolvedGradients[m], share, gradients[m]);
        }
    }

    @Override
    public void close() {
        for (BatchNormKernel batchNorm : batchNorms) {
            batchNorm.close();
        }
        attention.close();
        buffers.close();
    }
}
