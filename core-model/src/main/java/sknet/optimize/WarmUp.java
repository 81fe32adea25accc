package sknet.optimize;

import org.nd4j.linalg.schedule.ISchedule;

/**
 * Another schedule, approached from 0: in step i of the first {@code steps}, from 0, the rate is (i + 1) / steps of what the schedule says
 * there (Goyal et al., "Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour", section 2.2, from 0 instead of the rate of one worker).
 *
 * @param schedule that holds from then on
 * @param steps    of the warm-up
 */
public record WarmUp(ISchedule schedule, int steps) implements ISchedule {
    private static final long serialVersionUID = 1L;

    /** @throws IllegalArgumentException for less than one step */
    public WarmUp {
        if (steps < 1) {
            throw new IllegalArgumentException("Cannot warm up in " + steps + " steps (expected at least 1)");
        }
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        double rate = schedule.valueAt(iteration, epoch);
        return iteration < steps ? rate * (iteration + 1) / steps : rate;
    }

    @Override
    public WarmUp clone() {
        return new WarmUp(schedule.clone(), steps);
    }
}
