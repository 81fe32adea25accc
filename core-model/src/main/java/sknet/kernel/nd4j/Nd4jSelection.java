package sknet.kernel.nd4j;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ChannelShape;
import sknet.kernel.SelectionKernel;

/** Fuse and Select in dense passes over the branches. */
final class Nd4jSelection implements SelectionKernel {
    private final int branches;
    private final ChannelShape shape;
    private final Buffers buffers;
    private final PerChannel perChannel;
    private final INDArray averagePerPixel;
    private final INDArray onesPerBranch;
    private final INDArray perBranch;
    private final INDArray attention;
    private final INDArray attentionGradient;
    private final INDArray weighted;
    private final INDArray scratch;
    private final INDArray pooledGradient;

    Nd4jSelection(ChannelShape shape, int branches, DataType type) {
        this.branches = branches;
        this.shape = shape;
        buffers = new Buffers(type);
        perChannel = new PerChannel(shape, buffers);
        averagePerPixel = buffers.filled(1.0 / shape.pixels(), shape.pixels(), 1);
        onesPerBranch = buffers.filled(1, 1, branches);
        perBranch = buffers.zeros(branches, shape.batch(), shape.channels());
        attention = buffers.zeros(branches, shape.batch(), shape.channels());
        attentionGradient = buffers.zeros(branches, shape.batch(), shape.channels());
        weighted = buffers.zeros(branches, shape.batch(), shape.channels());
        scratch = perChannel.rows(buffers.zeros(shape.batch(), shape.channels(), shape.pixels()));
        pooledGradient = buffers.zeros(shape.batch(), shape.channels());
    }

    @Override
    public void fuse(INDArray branchMaps, INDArray fused) {
        // Pooling is linear: the branches are pooled and then added, which saves a pass that writes their sum.
        Nd4j.matmul(branchMaps.reshape('c', perBranch.length(), shape.pixels()), averagePerPixel, perBranch.reshape('c', -1, 1),
                false, false, false);
        sumOverBranches(perBranch, fused);
    }

    @Override
    public void select(INDArray branchMaps, INDArray logits, INDArray output) {
        attention.assign(byBranch(logits));
        Nd4j.exec(DynamicCustomOp.builder("softmax").addInputs(attention).addOutputs(attention).addIntegerArguments(0).build());
        INDArray result = perChannel.rows(output);
        perChannel.multiply(branch(branchMaps, 0), attention.slice(0), result);
        for (int m = 1; m < branches; m++) {
            perChannel.multiply(branch(branchMaps, m), attention.slice(m), scratch);
            result.addi(scratch);
        }
    }

    @Override
    public INDArray attention() {
        return attention;
    }

    @Override
    public void selectBackward(INDArray branchMaps, INDArray outputGradient, INDArray logitGradient) {
        INDArray gradient = perChannel.rows(outputGradient);
        for (int m = 0; m < branches; m++) {
            branch(branchMaps, m).muli(gradient, scratch);
            perChannel.sumPixels(scratch, attentionGradient.slice(m));
        }
        // Softmax: logitGradient = attention * (attentionGradient - sum over branches of attention * attentionGradient)
        attention.muli(attentionGradient, weighted);
        sumOverBranches(weighted, pooledGradient);
        for (int m = 0; m < branches; m++) {
            attentionGradient.slice(m).subi(pooledGradient);
        }
        byBranch(logitGradient).assign(attentionGradient.muli(attention));
    }

    @Override
    public void branchBackward(INDArray outputGradient, INDArray fusedGradient, INDArray branchGradient) {
        INDArray gradient = perChannel.rows(outputGradient);
        fusedGradient.divi(shape.pixels(), pooledGradient);
        for (int m = 0; m < branches; m++) {
            INDArray result = branch(branchGradient, m);
            perChannel.multiply(gradient, attention.slice(m), result);
            perChannel.add(result, pooledGradient, result);
        }
    }

    private void sumOverBranches(INDArray values, INDArray sum) {
        long length = (long) shape.batch() * shape.channels();
        Nd4j.matmul(onesPerBranch, values.reshape('c', branches, length), sum.reshape('c', 1, length), false, false, false);
    }

    /** {@code [N, M * C]} as {@code [M, N, C]}. */
    private INDArray byBranch(INDArray logits) {
        return logits.reshape('c', shape.batch(), branches, shape.channels()).permute(1, 0, 2);
    }

    private INDArray branch(INDArray branchMaps, int m) {
        return perChannel.rows(branchMaps.slice(m));
    }

    @Override
    public void close() {
        buffers.close();
    }
}
