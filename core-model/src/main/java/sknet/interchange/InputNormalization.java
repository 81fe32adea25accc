package sknet.interchange;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.layer.ConvolutionBatchNorm;

/**
 * What a network expects of its images: pixels from 0 to {@code white}, from which {@code mean} is subtracted before they are divided by
 * {@code deviation}, channel by channel. Ours are RGB from 0 to 255, from which the data set's mean is subtracted, no more. The
 * difference goes into the first convolution, which has no bias, and its batch norm:
 *
 * <pre>
 * (p * white / 255 - mean) / deviation = (x + dataMean) * white / (255 * deviation) - mean / deviation     with x = p - dataMean
 * </pre>
 *
 * <p>The factor of x is multiplied into the weights of its channel; it commutes with the padding by zeros. What the constant adds to the
 * convolution's outputs is subtracted from the running mean. That is exact wherever the window lies in the image; where it reaches
 * beyond, the pixels there have the data set's mean colour and not the network's. With the data set that a network was trained on they
 * are nearly the same.
 *
 * <p>Weights for pixels of 0 to 255 would be some 58 times smaller than the network's, and training that goes on would take steps some
 * 58^2 times too large for them: batch norm makes the size of weights a matter of step size alone. So they keep their mean size, and
 * running mean and variance grow with the outputs.
 *
 * @param mean      of each channel, in the network's order
 * @param deviation of each channel, in the network's order
 * @param white     the value of a white pixel before mean and deviation: usually 1 or 255
 * @param order     of the channels
 */
public record InputNormalization(List<Double> mean, List<Double> deviation, double white, ChannelOrder order) {
    private static final double OUR_WHITE = 255;
    private static final int CHANNELS = 3;
    private static final String WEIGHTS = "stem_conv.weight";

    /**
     * Copies the lists.
     *
     * @throws IllegalArgumentException for numbers that are none, too many or too few
     */
    public InputNormalization {
        mean = List.copyOf(mean);
        deviation = List.copyOf(deviation);
        require(mean.size() == CHANNELS && mean.stream().allMatch(Double::isFinite), "mean", mean, "3 numbers");
        require(deviation.size() == CHANNELS && deviation.stream().allMatch(InputNormalization::isPositive), "std", deviation,
                "3 numbers above 0");
        require(isPositive(white), "white", white, "a number above 0");
    }

    private static boolean isPositive(double value) {
        return value > 0 && Double.isFinite(value);
    }

    private static void require(boolean condition, String what, Object value, String expected) {
        if (!condition) {
            throw new IllegalArgumentException("Cannot normalise images: " + what + " " + value + " (expected " + expected + ")");
        }
    }

    /**
     * Changes the first convolution and the running statistics behind it so that the network takes our images.
     *
     * @param network  whose parameters are for images normalised like this
     * @param dataMean what our images have had subtracted: R, G, B in 0..255
     * @throws IllegalArgumentException if the network does not begin with a stem's convolution
     */
    public void foldInto(ComputationGraph network, float[] dataMean) {
        Map<String, INDArray> parameters = network.paramTable();
        require(parameters.containsKey(WEIGHTS), "a network whose first parameter is", parameters.keySet().iterator().next(), WEIGHTS);
        INDArray weights = parameters.get(WEIGHTS);
        INDArray runningMean = parameters.get("stem_bn.mean");
        INDArray runningVariance = parameters.get("stem_bn.variance");
        float[] old = weights.dup('c').data().asFloat();
        float[] folded = new float[old.length];
        int taps = Math.toIntExact(weights.size(2) * weights.size(3));
        double size = size();
        for (int o = 0; o < weights.size(0); o++) {
            double added = 0;
            for (int c = 0; c < CHANNELS; c++) {
                int theirs = order.channel(c);
                double factor = factor(theirs);
                double constant = dataMean[c] * factor - mean.get(theirs) / deviation.get(theirs);
                for (int t = 0; t < taps; t++) {
                    float weight = old[(o * CHANNELS + theirs) * taps + t];
                    folded[(o * CHANNELS + c) * taps + t] = (float) (weight * factor * size);
                    added += weight * constant;
                }
            }
            runningMean.putScalar(o, size * (runningMean.getDouble(o) - added));
            runningVariance.putScalar(o, size * size * (runningVariance.getDouble(o) + ConvolutionBatchNorm.EPSILON)
                    - ConvolutionBatchNorm.EPSILON);
        }
        weights.assign(Nd4j.createFromArray(folded).reshape('c', weights.shape()));
    }

    /** Of x, for one of the network's channels. */
    private double factor(int channel) {
        return white / OUR_WHITE / deviation.get(channel);
    }

    /** By which weights are larger than their pixels ask for. Not below 1, for then a small variance could become negative. */
    private double size() {
        double average = 0;
        for (int c = 0; c < CHANNELS; c++) {
            average += factor(c) / CHANNELS;
        }
        return Math.max(1, 1 / average);
    }
}
