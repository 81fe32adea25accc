package sknet.kernel.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.PoolingKernel;
import sknet.kernel.PoolingShape;
import sknet.kernel.PoolingShape.Method;

/** ND4J's own pooling. */
final class Nd4jPooling implements PoolingKernel {
    private final PoolingShape shape;

    Nd4jPooling(PoolingShape shape) {
        this.shape = shape;
    }

    @Override
    public void forward(INDArray input, INDArray output) {
        Nd4j.exec(operation("").addInputs(input).addOutputs(output).build());
    }

    @Override
    public void backward(INDArray input, INDArray outputGradient, INDArray inputGradient) {
        Nd4j.exec(operation("_bp").addInputs(input, outputGradient).addOutputs(inputGradient).build());
    }

    private DynamicCustomOp.DynamicCustomOpsBuilder operation(String suffix) {
        String name = shape.method() == Method.AVERAGE ? "avgpool2d" : "maxpool2d";
        // Kernel, stride, padding and dilation of rows and columns; then padding as given, not counted in means, NCHW.
        return DynamicCustomOp.builder(name + suffix).addIntegerArguments(shape.windowHeight(), shape.windowWidth(), shape.step(), shape.step(),
                shape.padding(), shape.padding(), 1, 1, 0, 0, 0);
    }

    @Override
    public void close() {}
}
