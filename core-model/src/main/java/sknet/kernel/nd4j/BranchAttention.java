package sknet.kernel.nd4j;

import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ChannelShape;

/**
 * What Fuse and Select do with a value a map (Selective Kernel Networks, equations 1, 2 and 5): the sum of the branches' means, the softmax over
 * the branches and its gradient.
 */
final class BranchAttention implements AutoCloseable {
    private final int branches;
    private final ChannelShape shape;
    private final INDArray onesPerBranch;
    private final INDArray weights;
    private final INDArray[] branchWeights;
    private final INDArray gradient;
    private final INDArray[] branchGradients;
    private final INDArray pooled;
    private final INDArray[] branchPooled;
    private final INDArray scratch;
    private final INDArray sum;

    BranchAttention(ChannelShape shape, int branches, DataType type) {
        this.branches = branches;
        this.shape = shape;
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            onesPerBranch = Nd4j.ones(type, 1, branches);
            weights = Nd4j.create(type, branches, shape.batch(), shape.channels());
            gradient = weights.like();
            pooled = weights.like();
            scratch = weights.like();
            sum = Nd4j.create(type, shape.batch(), shape.channels());
        }
        branchWeights = slices(weights);
        branchGradients = slices(gradient);
        branchPooled = slices(pooled);
    }

    private INDArray[] slices(INDArray array) {
        return IntStream.range(0, branches).mapToObj(array::slice).toArray(INDArray[]::new);
    }

    /** Where the mean over one branch's maps {@code [N, C]} goes, before {@link #fuse}. */
    INDArray pooled(int branch) {
        return branchPooled[branch];
    }

    /** The sum of the branches' means (equations 1 and 2): pooling is linear, and so no map of the sum need be written. */
    void fuse(INDArray fused) {
        sumOverBranches(pooled, fused);
    }

    /** Computes the weights from the logits {@code [N, M * C]}. */
    void attend(INDArray logits) {
        weights.assign(byBranch(logits));
        Nd4j.exec(DynamicCustomOp.builder("softmax").addInputs(weights).addOutputs(weights).addIntegerArguments(0).build());
    }

    /** {@code [M, N, C]}. */
    INDArray weights() {
        return weights;
    }

    /** {@code [N, C]} of one branch. */
    INDArray weights(int branch) {
        return branchWeights[branch];
    }

    /** Where the gradient with respect to one branch's weights {@code [N, C]} goes, before {@link #backward}. */
    INDArray gradient(int branch) {
        return branchGradients[branch];
    }

    /** The gradient with respect to the logits {@code [N, M * C]}, of {@code scale} times {@link #gradient(int)}, which it overwrites. */
    void backward(double scale, INDArray logitGradient) {
        gradient.muli(scale);
        // logitGradient = weights * (gradient - sum over branches of weights * gradient)
        weights.muli(gradient, scratch);
        sumOverBranches(scratch, sum);
        for (INDArray branch : branchGradients) {
            branch.subi(sum);
        }
        byBranch(logitGradient).assign(gradient.muli(weights));
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
        for (INDArray array : new INDArray[] {onesPerBranch, weights, gradient, pooled, scratch, sum}) {
            array.close();
        }
    }
}
