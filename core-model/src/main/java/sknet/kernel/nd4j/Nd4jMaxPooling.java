package sknet.kernel.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.PoolingKernel;
import sknet.kernel.PoolingShape;

/** ND4J's own max pooling. */
final class Nd4jMaxPooling implements PoolingKernel {
    private final PoolingShape shape;

    Nd4jMaxPooling(PoolingShape shape) {
        this.shape = shape;
    }

    @Override
    public void forward(INDArray input, INDArray output) {
        Nd4j.exec(operation("maxpool2d").addInputs(input).addOutputs(output).build());
    }

    @Override
    public void backward(INDArray input, INDArray outputGradient, INDArray inputGradient) {
        Nd4j.exec(operation("maxpool2d_bp").addInputs(input, outputGradient).addOutputs(inputGradient).build());
    }

    private DynamicCustomOp.DynamicCustomOpsBuilder operation(String name) {
        // Kernel, stride, padding and dilation of rows and columns; then padding as given, no extra, NCHW.
        return DynamicCustomOp.builder(name).addIntegerArguments(shape.kernel(), shape.kernel(), shape.stride(), shape.stride(),
                shape.padding(), shape.padding(), 1, 1, 0, 0, 0);
    }

    @Override
    public void close() {}
}
