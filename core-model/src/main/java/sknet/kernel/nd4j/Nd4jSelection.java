package sknet.kernel.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.BranchAttention;
import sknet.kernel.ChannelShape;
import sknet.kernel.SelectionKernel;

/** Fuse and Select in dense passes over the branches. */
final class Nd4jSelection implements SelectionKernel {
    private final int branches;
    private final ChannelShape shape;
    private final BranchAttention attention;
    private final Buffers buffers;
    private final PerChannel perChannel;
    private final INDArray scratch;

    Nd4jSelection(ChannelShape shape, int branches, DataType type) {
        this.branches = branches;
        this.shape = shape;
        attention = new BranchAttention(shape, branches, type);
        buffers = new Buffers(type);
        perChannel = new PerChannel(shape, buffers);
        scratch = buffers.zeros(shape.batch(), shape.channels(), shape.pixels());
    }

    @Override
    public void fuse(INDArray[] maps, INDArray fused) {
        for (int m = 0; m < branches; m++) {
            perChannel.mapMeans(maps[m], attention.pooled(m));
        }
        attention.fuse(fused);
    }

    @Override
    public void select(INDArray[] maps, INDArray logits, INDArray output) {
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
        return attention.weights();
    }

    @Override
    public void selectBackward(INDArray[] maps, INDArray outputGradient, INDArray logitGradient) {
        INDArray gradient = perChannel.maps(outputGradient);
        for (int m = 0; m < branches; m++) {
            perChannel.maps(maps[m]).muli(gradient, scratch);
            perChannel.mapMeans(scratch, attention.gradient(m));
        }
        attention.backward(shape.pixels(), logitGradient);
    }

    @Override
    public void branchBackward(int branch, INDArray outputGradient, INDArray pixelGradient, INDArray branchGradient) {
        perChannel.byMap("multiply", outputGradient, attention.weights(branch), scratch);
        perChannel.byMap("add", scratch, pixelGradient, branchGradient);
    }

    @Override
    public void close() {
        attention.close();
        buffers.close();
    }
}
