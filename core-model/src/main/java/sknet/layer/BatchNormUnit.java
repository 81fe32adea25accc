package sknet.layer;

import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.Kernels;
import sknet.kernel.Rectifier;
import sknet.layer.Parameter.Role;

/** A batch norm inside a layer: the kernel of the present shape, and the rule of the running statistics. */
final class BatchNormUnit {
    /** Added to the variance, as in the authors' networks and in every common framework. */
    private static final double EPSILON = 1e-5;

    private final String prefix;
    private final Rectifier rectifier;
    private final double momentum;
    private final Kernels kernels;
    private final DataType type;
    private ChannelShape shape;
    private BatchNormKernel kernel;

    /**
     * @param prefix   of the parameters' names
     * @param momentum share of the new batch in the running statistics
     */
    BatchNormUnit(String prefix, Rectifier rectifier, double momentum, Kernels kernels, DataType type) {
        this.prefix = prefix;
        this.rectifier = rectifier;
        this.momentum = momentum;
        this.kernels = kernels;
        this.type = type;
    }

    /** Gamma and beta. */
    static List<Parameter> learnt(String prefix, long channels) {
        return List.of(new Parameter(prefix + "gamma", Role.SCALE, channels), new Parameter(prefix + "beta", Role.SHIFT,
                channels));
    }

    /** The running mean and variance. */
    static List<Parameter> statistics(String prefix, long channels) {
        return List.of(new Parameter(prefix + "mean", Role.MEAN, channels), new Parameter(prefix + "variance", Role.VARIANCE,
                channels));
    }

    void train(Map<String, INDArray> params, INDArray input, INDArray output) {
        prepare(input);
        if (shape.valuesPerChannel() == 1) {
            throw new IllegalStateException("Cannot train a batch norm: 1 value per channel "
                    + "(expected at least 2: a larger micro-batch)");
        }
        kernel.forward(input, params.get(prefix + "gamma"), params.get(prefix + "beta"), output);
    }

    void infer(Map<String, INDArray> params, INDArray input, INDArray output) {
        prepare(input);
        kernel.inference(input, params.get(prefix + "gamma"), params.get(prefix + "beta"), params.get(prefix + "mean"),
                params.get(prefix + "variance"), output);
    }

    /** The input's gradient, which may overwrite {@code outputGradient}, and all of this unit's gradient views. */
    void backward(Map<String, INDArray> params, Map<String, INDArray> gradients, INDArray input, INDArray output,
                  INDArray outputGradient, INDArray inputGradient) {
        kernel.backward(input, output, outputGradient, params.get(prefix + "gamma"), inputGradient, gradients.get(prefix + "gamma"),
                gradients.get(prefix + "beta"));
        // A statistic's pseudo-gradient is the batch size times (old - new); the package says why.
        kernel.statisticGradients(momentum * shape.batch(), params.get(prefix + "mean"), params.get(prefix + "variance"),
                gradients.get(prefix + "mean"), gradients.get(prefix + "variance"));
    }

    private void prepare(INDArray input) {
        ChannelShape newShape = ChannelShape.of(input);
        if (!newShape.equals(shape)) {
            if (kernel != null) {
                kernel.close();
            }
            kernel = kernels.batchNorm(newShape, rectifier, EPSILON, type);
            shape = newShape;
        }
    }
}
