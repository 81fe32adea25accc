package sknet.layer;

import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ChannelShape;
import sknet.kernel.Kernels;
import sknet.kernel.ResizeKernel;
import sknet.kernel.ResizeShape;

/** The first input's maps brought to the size of the second's by bilinear interpolation, corners on corners; the second's values do not count. */
public final class Resize extends KernelVertex {
    private static final long serialVersionUID = 1L;

    /** To the size of the second input. */
    public Resize() {}

    @Override
    int inputs() {
        return 2;
    }

    @Override
    List<?> settings() {
        return List.of();
    }

    @Override
    InputType output(List<InputTypeConvolutional> inputs) {
        return InputType.convolutional(inputs.get(1).getHeight(), inputs.get(1).getWidth(), inputs.get(0).getChannels());
    }

    @Override
    VertexUnit unit(Kernels kernels) {
        Shaped<ResizeShape, ResizeKernel> kernel = new Shaped<>(kernels::resize);
        return new VertexUnit() {
            @Override
            public INDArray forward(INDArray[] inputs, Allocator inner, Allocator output) {
                INDArray maps = inputs[0];
                INDArray resized = output.array(maps.dataType(), maps.size(0), maps.size(1), inputs[1].size(2), inputs[1].size(3));
                ResizeShape shape = new ResizeShape(ChannelShape.of(maps), Math.toIntExact(resized.size(2)), Math.toIntExact(resized.size(3)));
                kernel.of(shape, maps.dataType()).forward(maps, resized);
                return resized;
            }

            @Override
            public void backward(INDArray[] inputs, INDArray output, INDArray outputGradient, INDArray[] inputGradients, Allocator inner) {
                kernel.last().backward(outputGradient, inputGradients[0]);
                inputGradients[1].assign(0);
            }
        };
    }
}
