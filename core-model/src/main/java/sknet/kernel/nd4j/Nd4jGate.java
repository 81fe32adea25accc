package sknet.kernel.nd4j;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ChannelShape;
import sknet.kernel.GateKernel;

/** Gates by broadcasting. */
final class Nd4jGate implements GateKernel {
    private final ChannelShape shape;
    private final Extent extent;
    private final double offset;

    Nd4jGate(ChannelShape shape, Extent extent, double offset) {
        this.shape = shape;
        this.extent = extent;
        this.offset = offset;
    }

    @Override
    public void forward(INDArray input, INDArray gates, INDArray output) {
        multiply(maps(input), spread(gates).add(offset), maps(output));
    }

    @Override
    public void backward(INDArray input, INDArray gates, INDArray outputGradient, INDArray inputGradient, INDArray gateGradient) {
        INDArray products = input.mul(outputGradient);
        gateGradient.assign(switch (extent) {
            case VALUE -> products;
            case MAP -> maps(products).sum(2).reshape(gateGradient.shape());
            case PIXEL -> maps(products).sum(1).reshape(gateGradient.shape());
        });
        multiply(maps(outputGradient.dup('c')), spread(gates).add(offset), maps(inputGradient));
    }

    private static void multiply(INDArray maps, INDArray factors, INDArray result) {
        Nd4j.exec(DynamicCustomOp.builder("multiply").addInputs(maps, factors).addOutputs(result).build());
    }

    private INDArray maps(INDArray array) {
        return array.reshape('c', shape.batch(), shape.channels(), shape.pixels());
    }

    private INDArray spread(INDArray gates) {
        return switch (extent) {
            case VALUE -> maps(gates);
            case MAP -> gates.reshape('c', shape.batch(), shape.channels(), 1);
            case PIXEL -> gates.reshape('c', shape.batch(), 1, shape.pixels());
        };
    }

    @Override
    public void close() {}
}
