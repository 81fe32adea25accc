package sknet.layer;

import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import sknet.kernel.Kernels;

/** Maps of one pixel each, {@code [N, C, 1, 1]}, as the pixels of maps {@code [N, C, inputs, 1]}: what is shared by several vectors is a 1x1 convolution of these. */
public final class PixelStack extends KernelVertex {
    private static final long serialVersionUID = 1L;

    @JsonProperty private int inputs;

    /** For DL4J's JSON. */
    PixelStack() {}

    /** Of so many inputs. */
    public PixelStack(int inputs) {
        this.inputs = inputs;
    }

    @Override
    int inputs() {
        return inputs;
    }

    @Override
    List<?> settings() {
        return List.of(inputs);
    }

    @Override
    InputType output(List<InputTypeConvolutional> types) {
        if (types.stream().anyMatch(type -> type.getHeight() != 1 || type.getWidth() != 1 || type.getChannels() != types.get(0).getChannels())) {
            throw new IllegalStateException("Cannot stack pixels " + types + " (expected maps of one pixel with as many channels)");
        }
        return InputType.convolutional(inputs, 1, types.get(0).getChannels());
    }

    @Override
    VertexUnit unit(Kernels kernels) {
        return new VertexUnit() {
            @Override
            public INDArray forward(INDArray[] pixels, Allocator inner, Allocator output) {
                // Vectors are not in bfloat16.
                DataType type = pixels[0].dataType() == DataType.BFLOAT16 ? DataType.FLOAT : pixels[0].dataType();
                INDArray plain = inner.array(type, pixels[0].size(0), pixels[0].size(1), pixels.length, 1);
                for (int i = 0; i < pixels.length; i++) {
                    pixel(plain, i).assign(pixels[i].castTo(type).reshape(plain.size(0), plain.size(1)));
                }
                return output.array(type, plain.shape()).assign(kernels.packed(plain));
            }

            @Override
            public void backward(INDArray[] pixels, INDArray output, INDArray outputGradient, INDArray[] pixelGradients, Allocator inner) {
                INDArray plain = kernels.plain(outputGradient);
                for (int i = 0; i < pixels.length; i++) {
                    pixelGradients[i].assign(pixel(plain, i).reshape(pixelGradients[i].shape()));
                }
            }
        };
    }

    private static INDArray pixel(INDArray stacked, int i) {
        return stacked.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(i), NDArrayIndex.point(0));
    }
}
