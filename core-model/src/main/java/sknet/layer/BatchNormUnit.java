package sknet.layer;

import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.Kernels;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;
import sknet.layer.Parameter.Role;

/** A batch norm inside a layer: its kernel, its vectors, and the rule of the running statistics. */
final class BatchNormUnit {
    /** Added to the variance, as in the authors' networks and in every common framework. */
    static final double EPSILON = 1e-5;

    private final String prefix;
    private final double momentum;
    private final Shaped<ChannelShape, BatchNormKernel> kernel;

    /**
     * @param prefix   of the parameters' names
     * @param momentum share of the new batch in the running statistics
     */
    BatchNormUnit(String prefix, Rectifier rectifier, double momentum, Kernels kernels) {
        this.prefix = prefix;
        this.momentum = momentum;
        kernel = new Shaped<>((shape, type) -> kernels.batchNorm(shape, rectifier, EPSILON, type));
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

    /** The vectors of this name among a layer's parameters or gradients. */
    static NormVectors vectors(String prefix, Map<String, INDArray> views) {
        return new NormVectors(views.get(prefix + "gamma"), views.get(prefix + "beta"), views.get(prefix + "mean"),
                views.get(prefix + "variance"));
    }

    /** @throws IllegalStateException when the batch has a single value a channel */
    static void checkTrainable(ChannelShape shape) {
        if (shape.valuesPerChannel() == 1) {
            throw new IllegalStateException("Cannot train a batch norm: 1 value per channel "
                    + "(expected at least 2: a larger micro-batch)");
        }
    }

    /** The weight of a batch in the statistics' pseudo-gradients, batch size times (old - new): the package says why. */
    static double share(double momentum, ChannelShape shape) {
        return momentum * shape.batch();
    }

    void forward(boolean training, Map<String, INDArray> params, INDArray input, INDArray output) {
        ChannelShape shape = ChannelShape.of(input);
        BatchNormKernel present = kernel.of(shape, input.dataType());
        if (training) {
            checkTrainable(shape);
            present.forward(input, vectors(prefix, params), output);
        } else {
            present.inference(input, vectors(prefix, params), output);
        }
    }

    /** The input's gradient, which may overwrite {@code outputGradient}, and all of this unit's gradient views. */
    void backward(Map<String, INDArray> params, Map<String, INDArray> gradients, INDArray input, INDArray outputGradient,
                  INDArray inputGradient) {
        kernel.last().backward(input, outputGradient, vectors(prefix, params), inputGradient, share(momentum, kernel.shape()),
                vectors(prefix, gradients));
    }
}
