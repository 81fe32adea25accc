package sknet.cli;

import java.util.HashMap;
import java.util.Map;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import sknet.data.shard.DatasetManifest;
import sknet.layer.InputGradient;
import sknet.model.Complexity;
import sknet.model.DecayRule;
import sknet.model.ModelCatalogue;
import sknet.model.NetworkBuilder;
import sknet.model.NetworkOptions;
import sknet.optimize.HalfCosine;
import sknet.optimize.WarmUp;
import sknet.train.TrainingPlan;

/** The network that the settings ask for, with its optimiser, for the classes of a data set. */
final class Networks {

    private Networks() {
    }

    /** @throws IllegalArgumentException if there is no model of the name */
    static ComputationGraph build(Settings settings, DatasetManifest manifest, TrainingPlan plan) {
        Settings.Optimizer optimizer = settings.optimizer();
        DecayRule decayRule = switch (optimizer.weightDecayOn()) {
            case ALL -> DecayRule.ALL;
            case WEIGHTS -> DecayRule.WEIGHTS_ONLY;
        };
        int stepsPerEpoch = plan.stepsPerEpoch(manifest.split(DatasetManifest.TRAIN).records());
        NetworkOptions options = new NetworkOptions(manifest.classes().size(), settings.model().imageSize(), plan.seed(),
            optimizer.labelSmoothing(), optimizer.momentum(), schedule(optimizer, plan.epochs(), stepsPerEpoch),
            optimizer.weightDecay(), decayRule, settings.model().batchNormMomentum(), InputGradient.SKIPPED, settings.model().precision());
        ComputationGraph network = new ComputationGraph(
            NetworkBuilder.build(ModelCatalogue.named(settings.model().name()).architecture(), options));
        network.init();
        return network;
    }

    /** In iterations, since DL4J's schedules know only whole epochs. */
    static ISchedule schedule(Settings.Optimizer optimizer, int epochs, int stepsPerEpoch) {
        ISchedule schedule = switch (optimizer.schedule()) {
            case STEP -> stepSchedule(optimizer, stepsPerEpoch);
            case COSINE -> new HalfCosine(optimizer.learningRate(), (long) epochs * stepsPerEpoch);
        };
        int warmUpSteps = iteration(optimizer.warmUpEpochs(), stepsPerEpoch);
        return warmUpSteps > 0 ? new WarmUp(schedule, warmUpSteps) : schedule;
    }

    private static ISchedule stepSchedule(Settings.Optimizer optimizer, int stepsPerEpoch) {
        Map<Integer, Double> rates = new HashMap<>();
        double rate = optimizer.learningRate();
        rates.put(0, rate);
        for (double epoch : optimizer.decayEpochs().stream().sorted().toList()) {
            rate *= optimizer.decayFactor();
            rates.put(iteration(epoch, stepsPerEpoch), rate);
        }
        return new MapSchedule(ScheduleType.ITERATION, rates);
    }

    private static int iteration(double epoch, int stepsPerEpoch) {
        return (int) Math.round(epoch * stepsPerEpoch);
    }

    /** The size of a model for so many classes. */
    static Complexity complexity(Settings.Model model, int classes) {
        int size = model.imageSize();
        return Complexity.of(NetworkBuilder.build(ModelCatalogue.named(model.name()).architecture(), NetworkOptions.of(classes, size)),
            InputType.convolutional(size, size, 3));
    }
}
