package sknet.kernel.onednn;

import org.bytedeco.dnnl.global.dnnl;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.BranchAttention;
import sknet.kernel.ChannelShape;
import sknet.kernel.PoolingKernel;
import sknet.kernel.PoolingShape;
import sknet.kernel.SelectionKernel;

/** Fuse and Select as a pooling, or a fused product, a branch. */
final class OneDnnSelection implements SelectionKernel {
    private final int branches;
    private final ChannelShape shape;
    private final BranchAttention attention;
    private final PoolingKernel pooling;
    private final Operation first;
    private final Operation others;
    private final Operation alignment;
    private final Operation branchGradients;
    private final INDArray aligned;

    OneDnnSelection(Device device, ChannelShape shape, int branches) {
        this.branches = branches;
        this.shape = shape;
        attention = new BranchAttention(shape, branches, DataType.FLOAT);
        pooling = new OneDnnPooling(device, PoolingShape.globalAverage(shape));
        MapProducts products = new MapProducts(device, shape);
        first = products.byMap();
        others = products.byMapAdded();
        alignment = products.byValue();
        branchGradients = products.byMapPlus();
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            aligned = Nd4j.create(DataType.FLOAT, shape.batch(), shape.channels(), shape.height(), shape.width());
        }
    }

    @Override
    public void fuse(INDArray[] maps, INDArray fused) {
        for (int m = 0; m < branches; m++) {
            pooling.forward(maps[m], attention.pooled(m));
        }
        attention.fuse(fused);
    }

    @Override
    public void select(INDArray[] maps, INDArray logits, INDArray output) {
        attention.attend(logits);
        for (int m = 0; m < branches; m++) {
            (m == 0 ? first : others).bind(dnnl.DNNL_ARG_SRC_0, maps[m]).bind(dnnl.DNNL_ARG_SRC_1, attention.weights(m))
                    .bind(dnnl.DNNL_ARG_DST, output).run();
        }
    }

    @Override
    public INDArray attention() {
        return attention.weights();
    }

    @Override
    public void selectBackward(INDArray[] maps, INDArray outputGradient, INDArray logitGradient) {
        for (int m = 0; m < branches; m++) {
            alignment.bind(dnnl.DNNL_ARG_SRC_0, maps[m]).bind(dnnl.DNNL_ARG_SRC_1, outputGradient)
                    .bind(dnnl.DNNL_ARG_DST, aligned).run();
            pooling.forward(aligned, attention.gradient(m));
        }
        attention.backward(shape.pixels(), logitGradient);
    }

    @Override
    public void branchBackward(int branch, INDArray outputGradient, INDArray pixelGradient, INDArray branchGradient) {
        branchGradients.bind(dnnl.DNNL_ARG_SRC_0, outputGradient).bind(dnnl.DNNL_ARG_SRC_1, attention.weights(branch))
                .bind(MapProducts.ADDEND, pixelGradient).bind(dnnl.DNNL_ARG_DST, branchGradient).run();
    }

    @Override
    public void close() {
        attention.close();
        pooling.close();
        for (Operation operation : new Operation[] {first, others, alignment, branchGradients}) {
            operation.close();
        }
        aligned.close();
    }
}
