package sknet.layer;

import java.util.Collections;
import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InputType.InputTypeConvolutional;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import sknet.kernel.Kernels;
import sknet.kernel.Rectifier;
import sknet.kernel.SumKernel;

/** rectify(factors[0] * inputs[0] + factors[1] * inputs[1] + ...), maps of one shape. */
public final class Sum extends KernelVertex {
    private static final long serialVersionUID = 1L;

    @JsonProperty private List<Double> factors;
    @JsonProperty private Rectifier rectifier;

    /** For DL4J's JSON. */
    Sum() {}

    /** A factor for each input. */
    public Sum(List<Double> factors, Rectifier rectifier) {
        this.factors = List.copyOf(factors);
        this.rectifier = rectifier;
    }

    /** The plain sum of so many inputs. */
    public static Sum of(int inputs, Rectifier rectifier) {
        return new Sum(Collections.nCopies(inputs, 1.0), rectifier);
    }

    public List<Double> factors() {
        return factors;
    }

    public Rectifier rectifier() {
        return rectifier;
    }

    @Override
    int inputs() {
        return factors.size();
    }

    @Override
    List<?> settings() {
        return List.of(factors, rectifier);
    }

    @Override
    InputType output(List<InputTypeConvolutional> inputs) {
        if (inputs.stream().distinct().count() > 1) {
            throw new IllegalStateException("Cannot add maps " + inputs + " (expected one shape)");
        }
        return inputs.get(0);
    }

    @Override
    VertexUnit unit(Kernels kernels) {
        Shaped<Long, SumKernel> kernel = new Shaped<>((length, type) -> kernels.sum(length, factors, rectifier, type));
        return new VertexUnit() {
            @Override
            public INDArray forward(INDArray[] inputs, Allocator inner, Allocator output) {
                INDArray sum = output.array(inputs[0].dataType(), inputs[0].shape());
                kernel.of(sum.length(), sum.dataType()).forward(inputs, sum);
                return sum;
            }

            @Override
            public void backward(INDArray[] inputs, INDArray output, INDArray outputGradient, INDArray[] inputGradients, Allocator inner) {
                kernel.last().backward(output, outputGradient, inputGradients);
            }
        };
    }
}
