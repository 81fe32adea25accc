package sknet.evaluate;

import java.io.Serializable;
import java.util.Arrays;

/**
 * A network's answer to one image.
 *
 * @param crop          number of the crop in the plan
 * @param ordinal       the image's number in the split
 * @param id            its path relative to the source folder
 * @param label         its class
 * @param classes       the most probable ones, at most {@value #TOP}, the most probable first; none where the network answered NaN
 * @param probabilities theirs, 0 to 1
 */
record Prediction(int crop, int ordinal, String id, int label, int[] classes, float[] probabilities) implements Serializable {

    static final int TOP = 5;
    /** In place of the predicted class where there is none. */
    static final int NO_CLASS = -1;

    /**
     * Of equal logits the lower class comes first. A NaN anywhere makes the answer worthless.
     *
     * @param logits of all classes
     */
    static Prediction of(int crop, int ordinal, String id, int label, float[] logits) {
        int[] classes = top(logits);
        return new Prediction(crop, ordinal, id, label, classes, probabilities(logits, classes));
    }

    /** Softmax over all classes, of some of them, the most probable first; Java's own functions, which have the same bits everywhere. */
    private static float[] probabilities(float[] logits, int[] classes) {
        float[] probabilities = new float[classes.length];
        if (classes.length > 0) {
            double largest = logits[classes[0]];
            double sum = 0;
            for (float logit : logits) {
                sum += StrictMath.exp(logit - largest);
            }
            for (int i = 0; i < classes.length; i++) {
                probabilities[i] = (float) (StrictMath.exp(logits[classes[i]] - largest) / sum);
            }
        }
        return probabilities;
    }

    private static int[] top(float[] logits) {
        int[] top = new int[Math.min(TOP, logits.length)];
        int found = 0;
        for (int i = 0; i < logits.length; i++) {
            if (Float.isNaN(logits[i])) {
                return new int[0];
            }
            int place = found;
            while (place > 0 && logits[i] > logits[top[place - 1]]) {
                place--;
            }
            if (place < top.length) {
                found = Math.min(found + 1, top.length);
                System.arraycopy(top, place, top, place + 1, found - place - 1);
                top[place] = i;
            }
        }
        return top;
    }

    /** The most probable class, or {@link #NO_CLASS}. */
    int predicted() {
        return classes.length == 0 ? NO_CLASS : classes[0];
    }

    /** Whether the image's class is among the most probable ones. */
    boolean isInTop() {
        return Arrays.stream(classes).anyMatch(predicted -> predicted == label);
    }
}
