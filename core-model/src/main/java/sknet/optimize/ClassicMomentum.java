package sknet.optimize;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * Stochastic gradient descent with classic momentum: v = momentum * v + g, then w -= rate * v, as in Caffe and PyTorch.
 *
 * <p>The velocity does not contain the learning rate, so a drop of the rate acts at once. DL4J's Nesterovs looks ahead and scales
 * the velocity by the rate, which is another method. Weight decay ({@link CoupledWeightDecay}) adds to g before.
 *
 * @param learningRate by iteration or epoch, one of DL4J's schedules or of this package's
 * @param momentum     share of the velocity that is kept, 0.9 in the paper
 * @param rateFactor   multiplies the learning rate; 1 but for parameters with a rate of their own
 */
public record ClassicMomentum(ISchedule learningRate, double momentum, double rateFactor) implements IUpdater {
    private static final long serialVersionUID = 1L;

    /** @throws IllegalArgumentException for a momentum outside of [0, 1) or a factor that is not positive */
    public ClassicMomentum {
        if (!(momentum >= 0 && momentum < 1) || !(rateFactor > 0)) {
            throw new IllegalArgumentException("Cannot train with momentum " + momentum + " and rate factor " + rateFactor
                    + " (expected 0 <= momentum < 1 and a positive factor)");
        }
    }

    /** Momentum with the schedule's own rate. */
    public ClassicMomentum(ISchedule learningRate, double momentum) {
        this(learningRate, momentum, 1);
    }

    /** The same with a multiple of the learning rate. */
    public ClassicMomentum withRateFactor(double factor) {
        return new ClassicMomentum(learningRate, momentum, factor);
    }

    @Override
    public long stateSize(long parameters) {
        return parameters;
    }

    @Override
    public GradientUpdater<ClassicMomentum> instantiate(INDArray velocity, boolean initialize) {
        Velocity updater = new Velocity(this);
        updater.setStateViewArray(velocity, velocity.shape(), velocity.ordering(), initialize);
        return updater;
    }

    @Override
    public GradientUpdater<ClassicMomentum> instantiate(Map<String, INDArray> state, boolean initialize) {
        Velocity updater = new Velocity(this);
        updater.setState(state, initialize);
        return updater;
    }

    @Override
    public ClassicMomentum clone() {
        return new ClassicMomentum(learningRate.clone(), momentum, rateFactor);
    }

    @Override
    public double getLearningRate(int iteration, int epoch) {
        return rateFactor * learningRate.valueAt(iteration, epoch);
    }

    @Override
    public boolean hasLearningRate() {
        return true;
    }

    /** Not supported: an updater is immutable, a new schedule asks for a new configuration. */
    @Override
    public void setLrAndSchedule(double rate, ISchedule schedule) {
        throw new UnsupportedOperationException("Cannot set the learning rate of " + this + " (expected a new configuration)");
    }

    /** Turns a run of gradients into updates, in place. */
    private static final class Velocity implements GradientUpdater<ClassicMomentum> {
        private static final String STATE = "V";

        private final ClassicMomentum config;
        private INDArray velocity;

        Velocity(ClassicMomentum config) {
            this.config = config;
        }

        @Override
        public ClassicMomentum getConfig() {
            return config;
        }

        @Override
        public void setState(Map<String, INDArray> state, boolean initialize) {
            setStateViewArray(state.get(STATE), null, 'c', initialize);
        }

        @Override
        public Map<String, INDArray> getState() {
            return Map.of(STATE, velocity);
        }

        @Override
        public void setStateViewArray(INDArray view, long[] gradientShape, char gradientOrder, boolean initialize) {
            velocity = view.reshape(view.length());
            if (initialize) {
                velocity.assign(0);
            }
        }

        @Override
        public void applyUpdater(INDArray gradient, int iteration, int epoch) {
            velocity.muli(config.momentum()).addi(gradient);
            velocity.muli(config.getLearningRate(iteration, epoch), gradient);
        }
    }
}
