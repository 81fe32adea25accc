package sknet.model;

import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import sknet.layer.InputGradient;

/**
 * What a network needs beyond its architecture. The defaults are the paper's (section 4.1) where it names a value.
 *
 * @param classes           number of classes
 * @param imageSize         rows and columns of the input
 * @param seed              of the initial parameters
 * @param labelSmoothing    not in the paper; 0.1 in the work it cites
 * @param momentum          of the optimiser
 * @param learningRate      by step, one of DL4J's schedules or ours
 * @param weightDecay       coefficient
 * @param decayRule         what it touches
 * @param batchNormMomentum share of a new batch in the running statistics: 0.1 usually, 0.05 in the authors' files
 * @param inputGradient     whether the first layer computes the gradient with respect to the images
 * @param precision         of activations and their gradients
 */
public record NetworkOptions(int classes, int imageSize, long seed, double labelSmoothing, double momentum,
        ISchedule learningRate,
                             double weightDecay, DecayRule decayRule, double batchNormMomentum, InputGradient inputGradient, Precision precision) {

    /** @throws IllegalArgumentException for a value out of range */
    public NetworkOptions {
        require(classes >= 2, "classes", classes, "at least 2");
        require(imageSize >= 1, "image size", imageSize, "at least 1");
        require(weightDecay >= 0, "weight decay", weightDecay, "0 or more");
        require(batchNormMomentum > 0 && batchNormMomentum <= 1, "batch norm momentum", batchNormMomentum, "above 0, at most 1");
    }

    private static void require(boolean condition, String what, Number value, String expected) {
        if (!condition) {
            throw new IllegalArgumentException("Cannot build a network: " + what + " " + value + " (expected " + expected + ")");
        }
    }

    /** The defaults for a data set: seed 0, learning rate 0.1 throughout. */
    public static NetworkOptions of(int classes, int imageSize) {
        return new NetworkOptions(classes, imageSize, 0, 0.1, 0.9, new FixedSchedule(0.1), 1e-4, DecayRule.ALL, 0.1,
                InputGradient.SKIPPED, Precision.FP32);
    }

    /** The same with another seed. */
    public NetworkOptions withSeed(long newSeed) {
        return new NetworkOptions(classes, imageSize, newSeed, labelSmoothing, momentum, learningRate, weightDecay, decayRule,
                batchNormMomentum, inputGradient, precision);
    }

    /** The same with another label smoothing. */
    public NetworkOptions withLabelSmoothing(double newSmoothing) {
        return new NetworkOptions(classes, imageSize, seed, newSmoothing, momentum, learningRate, weightDecay, decayRule,
                batchNormMomentum, inputGradient, precision);
    }

    /** The same with another optimiser momentum and learning rate. */
    public NetworkOptions withOptimiser(double newMomentum, ISchedule newLearningRate) {
        return new NetworkOptions(classes, imageSize, seed, labelSmoothing, newMomentum, newLearningRate, weightDecay, decayRule,
                batchNormMomentum, inputGradient, precision);
    }

    /** The same with another weight decay. */
    public NetworkOptions withWeightDecay(double newWeightDecay, DecayRule newRule) {
        return new NetworkOptions(classes, imageSize, seed, labelSmoothing, momentum, learningRate, newWeightDecay, newRule,
                batchNormMomentum, inputGradient, precision);
    }

    /** The same with another batch norm momentum. */
    public NetworkOptions withBatchNormMomentum(double newMomentum) {
        return new NetworkOptions(classes, imageSize, seed, labelSmoothing, momentum, learningRate, weightDecay, decayRule,
                newMomentum, inputGradient, precision);
    }

    /** The same with another choice about the images' gradient. */
    public NetworkOptions withInputGradient(InputGradient newInputGradient) {
        return new NetworkOptions(classes, imageSize, seed, labelSmoothing, momentum, learningRate, weightDecay, decayRule,
                batchNormMomentum, newInputGradient, precision);
    }

    /** The same in another precision. */
    public NetworkOptions withPrecision(Precision newPrecision) {
        return new NetworkOptions(classes, imageSize, seed, labelSmoothing, momentum, learningRate, weightDecay, decayRule,
                batchNormMomentum, inputGradient, newPrecision);
    }
}
