package sknet.kernel.nd4j;

import java.util.stream.IntStream;
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
    private final PerChannel perBranchAndChannel;
    private final INDArray onesPerBranch;
    private final INDArray pooled;
    private final INDArray attention;
    private final INDArray[] branchAttention;
    private final INDArray attentionGradient;
    private final INDArray[] branchAttentionGradient;
    private final INDArray weighted;
    private final INDArray scratch;
    private final INDArray sum;

    Nd4jSelection(ChannelShape shape, int branches, DataType type) {
        this.branches = branches;
        this.shape = shape;
        buffers = new Buffers(type);
        perChannel = new PerChannel(shape, buffers);
        perBranchAndChannel = new PerChannel(new ChannelShape(branches * shape.batch(), shape.channels(), shape.pixels()),
                buffers);
        onesPerBranch = buffers.filled(1, 1, branches);
        pooled = buffers.zeros(branches, shape.batch(), shape.channels());
        attention = buffers.zeros(branches, shape.batch(), shape.channels());
        branchAttention = slices(attention);
        attentionGradient = buffers.zeros(branches, shape.batch(), shape.channels());
        branchAttentionGradient = slices(attentionGradient);
        weighted = buffers.zeros(branches, shape.batch(), shape.channels());
        scratch = buffers.zeros(shape.batch(), shape.channels(), shape.pixels());
        sum = buffers.zeros(shape.batch(), shape.channels());
    }

    @Override
    public void fuse(INDArray branchMaps, INDArray fused) {
        // Pooling is linear: the branches are pooled and then added, which saves a pass that writes their sum.
        perBranchAndChannel.mapMeans(branchMaps, pooled);
        sumOverBranches(pooled, fused);
    }

    @Override
    public void select(INDArray branchMaps, INDArray logits, INDArray output) {
        attention.assign(byBranch(logits));
        Nd4j.exec(DynamicCustomOp.builder("softmax").addInputs(attention).addOutputs(attention).addIntegerArguments(0).build());
        INDArray result = perChannel.maps(output);
        perChannel.byMap("multiply", branchMaps.slice(0), branchAttention[0], result);
        for (int m = 1; m < branches; m++) {
            perChannel.byMap("multiply", branchMaps.slice(m), branchAttention[m], scratch);
            result.addi(scratch);
        }
    }

    @Override
    public INDArray attention() {
        return attention;
    }

    @Override
    public void selectBackward(INDArray branchMaps, INDArray outputGradient, INDArray logitGradient) {
        INDArray gradient = perChannel.maps(outputGradient);
        for (int m = 0; m < branches; m++) {
            perChannel.maps(branchMaps.slice(m)).muli(gradient, scratch);
            perChannel.mapMeans(scratch, branchAttentionGradient[m]);
        }
        attentionGradient.muli(shape.pixels());
        // Softmax: logitGradient = attention * (attentionGradient - sum over branches of attention * attentionGradient)
        attention.muli(attentionGradient, weighted);
        sumOverBranches(weighted, sum);
        for (int m = 0; m < branches; m++) {
            branchAttentionGradient[m].subi(sum);
        }
        byBranch(logitGradient).assign(attentionGradient.muli(attention));
    }

    @Override
    public void branchBackward(INDArray outputGradient, INDArray fusedGradient, INDArray branchGradient) {
        fusedGradient.divi(shape.pixels(), sum);
        for (int m = 0; m < branches; m++) {
            perChannel.byMap("multiply", outputGradient, branchAttention[m], scratch);
            perChannel.byMap("add", scratch, sum, branchGradient.slice(m));
        }
    }

    private INDArray[] slices(INDArray array) {
        return IntStream.range(0, branches).mapToObj(array::slice).toArray(INDArray[]::new);
    }

    private void sumOverBranches(INDArray values, INDArray result) {
        long length = (long) shape.batch() * shape.channels();
        Nd4j.matmul(onesPerBranch, values.reshape('c', branches, length), result.reshape('c', 1, length), false, false, false);
    }

    /** {@code [N, M * C]} as {@code [M, N, C]}. */
    private INDArray byBranch(INDArray logits) {
        return logits.reshape('c', shape.batch(), branches, shape.channels()).permute(1, 0, 2);
    }

    @Override
    public void close() {
        buffers.close();
    }
}
