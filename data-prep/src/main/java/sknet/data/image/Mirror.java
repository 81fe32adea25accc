package sknet.data.image;

import java.util.random.RandomGenerator;

/** Whether a row is written from left to right or mirrored. */
public enum Mirror {
    PLAIN, FLIPPED;

    static Mirror draw(RandomGenerator random, double flipProbability) {
        return random.nextDouble() < flipProbability ? FLIPPED : PLAIN;
    }

    static void checkProbability(double flipProbability) {
        if (!(flipProbability >= 0 && flipProbability <= 1)) {
            throw new IllegalArgumentException("Cannot flip images: flipProbability is " + flipProbability
                    + " (expected 0 to 1)");
        }
    }
}
