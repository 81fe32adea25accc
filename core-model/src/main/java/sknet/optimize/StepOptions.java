package sknet.optimize;

import java.io.Serializable;

/**
 * What a step does beside DL4J's update; by default nothing.
 *
 * @param clipNorm     the longest a batch's mean gradient may be (see {@link MomentumStep}); 0: any
 * @param averageDecay share of the weights' {@link MovingAverage} that a step keeps; 0: there is no average
 */
public record StepOptions(double clipNorm, double averageDecay) implements Serializable {

    /** Neither. */
    public static final StepOptions NONE = new StepOptions(0, 0);

    /** @throws IllegalArgumentException for a negative norm or a decay outside of [0, 1) */
    public StepOptions {
        if (!(clipNorm >= 0) || !(averageDecay >= 0 && averageDecay < 1)) {
            throw new IllegalArgumentException("Cannot take steps with norm " + clipNorm + " and average decay " + averageDecay
                    + " (expected norm >= 0 and 0 <= decay < 1)");
        }
    }

    /** Whether there is an average of the weights. */
    public boolean averages() {
        return averageDecay > 0;
    }
}
