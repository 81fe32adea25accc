package sknet.layer;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Sigmoid;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ChannelShape;
import sknet.kernel.GateKernel;
import sknet.kernel.GateKernel.Extent;
import sknet.kernel.Kernels;
import sknet.layer.Gate.Opening;

/** Runs a {@link Gate}. The gates are computed again for the gradient, not kept. */
final class GateUnit implements VertexUnit {
    private final Opening opening;
    private final Shaped<Shape, GateKernel> kernel;

    private record Shape(ChannelShape maps, Extent extent) {

        static Shape of(INDArray[] inputs) {
            ChannelShape maps = ChannelShape.of(inputs[0]);
            return new Shape(maps, Extent.of(maps, ChannelShape.of(inputs[1])));
        }
    }

    GateUnit(Opening opening, Kernels kernels) {
        this.opening = opening;
        kernel = new Shaped<>((shape, type) -> kernels.gate(shape.maps, shape.extent, opening.offset(), type));
    }

    @Override
    public INDArray forward(INDArray[] inputs, Allocator inner, Allocator output) {
        INDArray gated = output.array(inputs[0].dataType(), inputs[0].shape());
        kernel.of(Shape.of(inputs), inputs[0].dataType()).forward(inputs[0], gates(inputs[1], inner), gated);
        return gated;
    }

    private INDArray gates(INDArray logits, Allocator inner) {
        if (opening == Opening.LINEAR) {
            return logits;
        }
        INDArray gates = inner.array(logits.dataType(), logits.shape());
        Nd4j.exec(new Sigmoid(logits, gates));
        return gates;
    }

    @Override
    public void backward(INDArray[] inputs, INDArray output, INDArray outputGradient, INDArray[] inputGradients, Allocator inner) {
        INDArray gates = gates(inputs[1], inner);
        kernel.last().backward(inputs[0], gates, outputGradient, inputGradients[0], inputGradients[1]);
        if (opening != Opening.LINEAR) {
            // The sigmoid's derivative: gate * (1 - gate).
            inputGradients[1].muli(gates);
            inputGradients[1].muli(gates.rsubi(1));
        }
    }
}
