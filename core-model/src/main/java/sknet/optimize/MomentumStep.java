package sknet.optimize;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.regularization.Regularization;
import sknet.kernel.KernelProvider;
import sknet.kernel.StepKernel;

/**
 * The step of a network whose configuration trains by {@link ClassicMomentum} and decays by {@link CoupledWeightDecay}: what DL4J's own
 * updater does with these, on the same flattened parameters, gradients and velocities, but on long runs of parameters at once and without
 * temporary arrays. DL4J's takes several operations for each single parameter, a quarter of a small network's step.
 */
public final class MomentumStep {
    private final INDArray gradient;
    private final StepKernel kernel;
    private final double clipNorm;
    private final List<Run> runs = new ArrayList<>();

    /** Neighbouring parameters that share everything; views of the flattened arrays. Statistics have no rule: they move by their gradient. */
    private record Run(INDArray parameters, INDArray gradient, INDArray velocity, ClassicMomentum rule, CoupledWeightDecay decay) {

        void step(StepKernel kernel, int batchSize, double share, int iteration, int epoch) {
            if (rule == null) {
                parameters.subi(gradient.divi(batchSize));
                return;
            }
            kernel.take(parameters, gradient, velocity, new StepKernel.Rates(share,
                    decay == null ? 0 : decay.coefficient(iteration, epoch), rule.momentum(), rule.getLearningRate(iteration, epoch)));
        }
    }

    /** The same without clipping. */
    public MomentumStep(ComputationGraph network) {
        this(network, 0);
    }

    /**
     * @param network  with a gradients view
     * @param clipNorm Euclidean norm that a batch's mean gradient has at most, over all parameters that are trained: a longer one is shortened
     *                 to it, before weight decay is added (Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural
     *                 networks", algorithm 1). 0: any
     * @throws IllegalArgumentException for a network that trains by other rules
     */
    public MomentumStep(ComputationGraph network, double clipNorm) {
        this.clipNorm = clipNorm;
        gradient = flat(network.getFlattenedGradients());
        INDArray parameters = flat(network.params());
        kernel = KernelProvider.kernels().step(gradient.dataType());
        for (UpdaterBlock block : ((BaseMultiLayerUpdater<?>) network.getUpdater()).getUpdaterBlocks()) {
            List<ParamState> states = block.getLayersAndVariablesInBlock();
            for (int first = 0; first < states.size();) {
                int next = first + 1;
                while (next < states.size() && decay(states.get(next)).equals(decay(states.get(first)))) {
                    next++;
                }
                addRun(block, states.get(first), states.get(next - 1), parameters);
                first = next;
            }
        }
    }

    private void addRun(UpdaterBlock block, ParamState first, ParamState last, INDArray parameters) {
        long start = first.getParamOffsetStart();
        long end = last.getParamOffsetEnd();
        IUpdater updater = first.getLayer().getConfig().getUpdaterByParam(first.getParamName());
        List<Regularization> decay = decay(first);
        boolean known = decay.isEmpty() || decay.size() == 1 && decay.get(0) instanceof CoupledWeightDecay;
        if (!known || !(updater instanceof ClassicMomentum || updater instanceof NoOp)) {
            throw new IllegalArgumentException("Cannot train " + first.getParamName() + " by " + updater + " and " + decay
                    + " (expected ClassicMomentum and at most a CoupledWeightDecay)");
        }
        ClassicMomentum rule = updater instanceof ClassicMomentum momentum ? momentum : null;
        INDArray velocity = rule == null ? null
                : range(flat(block.getUpdaterView()), start - block.getParamOffsetStart(), end - block.getParamOffsetStart());
        runs.add(new Run(range(parameters, start, end), range(gradient, start, end), velocity, rule,
                decay.isEmpty() ? null : (CoupledWeightDecay) decay.get(0)));
    }

    private static List<Regularization> decay(ParamState state) {
        List<Regularization> decay = state.getLayer().getConfig().getRegularizationByParam(state.getParamName());
        return decay == null ? List.of() : decay;
    }

    private static INDArray flat(INDArray array) {
        return array.reshape(array.length());
    }

    private static INDArray range(INDArray flat, long start, long end) {
        return flat.get(NDArrayIndex.interval(start, end));
    }

    /**
     * Takes one step by the network's flattened gradient, the sum over a batch, which it may overwrite.
     *
     * @param batchSize images that the gradient is summed over
     * @param iteration of the schedules
     * @param epoch     of the schedules
     */
    public void take(int batchSize, int iteration, int epoch) {
        double share = clipNorm == 0 ? 1.0 / batchSize : clippedShare(batchSize);
        runs.forEach(run -> run.step(kernel, batchSize, share, iteration, epoch));
    }

    /** What the sum over a batch is multiplied by. A norm that is no number clips nothing, so that the parameters show it. */
    private double clippedShare(int batchSize) {
        double squares = 0;
        for (Run run : runs) {
            squares += run.rule == null ? 0 : kernel.squares(run.gradient);
        }
        double sum = Math.sqrt(squares);
        return sum / batchSize > clipNorm ? clipNorm / sum : 1.0 / batchSize;
    }
}
