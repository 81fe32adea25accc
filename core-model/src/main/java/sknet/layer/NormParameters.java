package sknet.layer;

import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ChannelShape;
import sknet.kernel.NormVectors;
import sknet.layer.Parameter.Role;

/** The parameters of a batch norm inside a layer, and the rule of its running statistics. */
final class NormParameters {
    /** Added to the variance, as in the authors' networks and in every common framework. */
    static final double EPSILON = 1e-5;

    private NormParameters() {}

    /** Gamma and beta. */
    static List<Parameter> learnt(String prefix, long channels) {
        return List.of(new Parameter(prefix + "gamma", Role.SCALE, channels), new Parameter(prefix + "beta", Role.SHIFT, channels));
    }

    /** The running mean and variance. */
    static List<Parameter> statistics(String prefix, long channels) {
        return List.of(new Parameter(prefix + "mean", Role.MEAN, channels), new Parameter(prefix + "variance", Role.VARIANCE, channels));
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

    /**
     * The weight of a batch in the statistics' pseudo-gradients, batch size times (old - new): the package says why.
     *
     * @param momentum share of the new batch in the running statistics
     */
    static double share(double momentum, ChannelShape shape) {
        return momentum * shape.batch();
    }
}
