package sknet.kernel.onednn;

import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;

/**
 * What a batch norm reads, in plain order.
 *
 * @param input {@code [N, C, H, W]} or {@code [N, C]}
 */
record NormSample(INDArray input, NormVectors norm) {
    static final double EPSILON = 1e-5;
    /** A rectifier's derivative jumps at 0: rounding takes no value from farther away to its other side. */
    static final double MARGIN = 2e-6;

    /** Draws until no normalised value is within the margin. */
    static NormSample draw(DataType type, long... shape) {
        NormSample sample;
        do {
            DataType ofVectors = Samples.parameterType(type);
            INDArray mean = Samples.random(ofVectors, shape[1]);
            INDArray variance = Samples.random(ofVectors, shape[1]);
            NormVectors norm = new NormVectors(Samples.random(ofVectors, shape[1]), Samples.random(ofVectors, shape[1]), mean,
                    variance.muli(variance).addi(0.5));
            sample = new NormSample(Samples.random(type, shape).addi(0.5), norm);
        } while (sample.normalised().aminNumber().doubleValue() <= MARGIN);
        return sample;
    }

    /** The input normalised by its own statistics, in float64. */
    INDArray normalised() {
        NormSample exact = exact();
        INDArray normalised = exact.input.like();
        try (BatchNormKernel kernel = KernelTest.PORTABLE.batchNorm(ChannelShape.of(input), Rectifier.NONE, EPSILON, DataType.DOUBLE)) {
            kernel.forward(exact.input, exact.norm, normalised);
        }
        return normalised;
    }

    /** The same in float64. */
    NormSample exact() {
        return new NormSample(Samples.exact(input), new NormVectors(Samples.exact(norm.gamma()), Samples.exact(norm.beta()),
                Samples.exact(norm.mean()), Samples.exact(norm.variance())));
    }

    /** Where the gradients of {@link #norm} go. */
    NormVectors gradientViews() {
        return new NormVectors(Samples.viewLike(norm.gamma()), Samples.viewLike(norm.beta()), Samples.viewLike(norm.mean()),
                Samples.viewLike(norm.variance()));
    }

    static Map<String, INDArray> byName(String prefix, NormVectors gradients) {
        return Map.of(prefix + "gamma gradient", gradients.gamma(), prefix + "beta gradient", gradients.beta(),
                prefix + "mean gradient", gradients.mean(), prefix + "variance gradient", gradients.variance());
    }
}
