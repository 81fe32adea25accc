package sknet.optimize;

import org.nd4j.linalg.schedule.ISchedule;

/**
 * A learning rate that falls to 0 by half a cosine: rate(i) = initial / 2 * (1 + cos(pi * i / steps)) in step i, from 0 (Loshchilov and
 * Hutter, "SGDR: Stochastic Gradient Descent with Warm Restarts", equation 5, without restarts and step by step).
 *
 * @param initial rate of the first step
 * @param steps   after which it is 0
 */
public record HalfCosine(double initial, long steps) implements ISchedule {
    private static final long serialVersionUID = 1L;

    /** @throws IllegalArgumentException for a rate that is not positive, or a negative number of steps */
    public HalfCosine {
        if (!(initial > 0) || steps < 0) {
            throw new IllegalArgumentException("Cannot lower a learning rate of " + initial + " over " + steps
                    + " steps (expected a rate above 0 and at least 0 steps)");
        }
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        return iteration >= steps ? 0 : initial / 2 * (1 + Math.cos(Math.PI * iteration / steps));
    }

    @Override
    public HalfCosine clone() {
        return this;
    }
}
