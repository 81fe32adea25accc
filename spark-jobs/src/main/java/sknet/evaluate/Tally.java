package sknet.evaluate;

import java.io.Serializable;

/**
 * Counted errors.
 *
 * @param images     images seen
 * @param top1Errors images whose class is not the most probable one
 * @param top5Errors images whose class is not among the five most probable ones
 */
public record Tally(int images, int top1Errors, int top5Errors) implements Serializable {

    static final Tally NONE = new Tally(0, 0, 0);

    Tally plus(Tally other) {
        return new Tally(images + other.images, top1Errors + other.top1Errors, top5Errors + other.top5Errors);
    }

    /** With one more image. A NaN anywhere makes the answer worthless: an error. Of equal scores the lower class comes first. */
    Tally plusImage(float[] scores, int label) {
        int better = 0;
        for (int i = 0; i < scores.length; i++) {
            if (Float.isNaN(scores[i])) {
                better = scores.length;
                break;
            }
            if (scores[i] > scores[label] || scores[i] == scores[label] && i < label) {
                better++;
            }
        }
        return new Tally(images + 1, top1Errors + (better >= 1 ? 1 : 0), top5Errors + (better >= 5 ? 1 : 0));
    }

    /** Percent. */
    public double top1Error() {
        return 100.0 * top1Errors / images;
    }

    /** Percent. */
    public double top5Error() {
        return 100.0 * top5Errors / images;
    }
}
