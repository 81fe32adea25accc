package sknet.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import sknet.kernel.ChannelShape;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Rectifier;
import sknet.kernel.SelectionKernel;

/** Runs a {@link SelectiveKernelConvolution}. */
final class SelectiveKernelRuntime extends KernelLayerRuntime<SelectiveKernelConvolution> implements AttentionSource {
    private static final long serialVersionUID = 1L;

    private final transient List<ConvolutionUnit> convolutions = new ArrayList<>();
    private final transient List<BatchNormUnit> batchNorms = new ArrayList<>();
    private final transient BatchNormUnit fusedBatchNorm;
    private final transient INDArray[] convolved;
    private final transient INDArray[] branches;
    private transient Selection selection;

    SelectiveKernelRuntime(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
        double momentum = layerConf().momentum();
        for (int m = 0; m < layerConf().branches().size(); m++) {
            convolutions.add(new ConvolutionUnit(kernels, type));
            batchNorms.add(new BatchNormUnit("branch" + m + ".bn.", Rectifier.RELU, momentum, kernels, type));
        }
        convolved = new INDArray[convolutions.size()];
        branches = new INDArray[convolutions.size()];
        fusedBatchNorm = new BatchNormUnit("bn.", Rectifier.RELU, momentum, kernels, type);
    }

    /** Fuse and Select with their vectors, for one shape of the output; the branches' maps live in DL4J's memory for activations instead. */
    private final class Selection {
        private final ChannelShape shape;
        private final SelectionKernel kernel;
        private final INDArray fused;
        private final INDArray hidden;
        private final INDArray compact;
        private final INDArray logits;
        private final INDArray fusedGradient;
        private final INDArray compactGradient;
        private final INDArray logitGradient;

        Selection(ChannelShape shape) {
            this.shape = shape;
            kernel = kernels.selection(shape, branches.length, dataType);
            fused = kept(shape.batch(), shape.channels());
            hidden = kept(shape.batch(), layerConf().fusedWidth());
            compact = kept(hidden.shape());
            logits = kept(shape.batch(), (long) branches.length * shape.channels());
            fusedGradient = kept(fused.shape());
            compactGradient = kept(hidden.shape());
            logitGradient = kept(logits.shape());
        }

        void close() {
            kernel.close();
            for (INDArray array : List.of(fused, hidden, compact, logits, fusedGradient, compactGradient, logitGradient)) {
                array.close();
            }
        }
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput(4);
        ConvolutionShape shape = branchShape(0, x);
        long[] maps = {shape.batch(), shape.outChannels(), shape.outHeight(), shape.outWidth()};
        for (int m = 0; m < branches.length; m++) {
            convolved[m] = activations(workspaces, maps);
            branches[m] = activations(workspaces, maps);
            convolutions.get(m).forward(branchShape(m, x), x, weight(m), convolved[m]);
            normalise(batchNorms.get(m), training, convolved[m], branches[m]);
        }
        Selection s = selectionFor(new ChannelShape(shape.batch(), shape.outChannels(), shape.outHeight(), shape.outWidth()));
        s.kernel.fuse(branches, s.fused);
        Nd4j.matmul(s.fused, params.get("fc1.weight"), s.hidden, false, true, false);
        normalise(fusedBatchNorm, training, s.hidden, s.compact);
        Nd4j.matmul(s.compact, params.get("fc2.weight"), s.logits, false, true, false);
        INDArray output = activations(workspaces, maps);
        s.kernel.select(branches, s.logits, output);
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput(4);
        INDArray gradient = dense(epsilon);
        Selection s = selection;
        s.kernel.selectBackward(branches, gradient, s.logitGradient);
        Nd4j.matmul(s.logitGradient, s.compact, gradientViews.get("fc2.weight"), true, false, false);
        Nd4j.matmul(s.logitGradient, params.get("fc2.weight"), s.compactGradient, false, false, false);
        fusedBatchNorm.backward(params, gradientViews, s.hidden, s.compact, s.compactGradient, s.compactGradient);
        Nd4j.matmul(s.compactGradient, s.fused, gradientViews.get("fc1.weight"), true, false, false);
        Nd4j.matmul(s.compactGradient, params.get("fc1.weight"), s.fusedGradient, false, false, false);
        INDArray pixelGradient = s.fusedGradient.divi(s.shape.pixels());
        INDArray inputGradient = activationGradient(workspaces, x.shape());
        INDArray ofBranch = workingMemory(workspaces, x.shape());
        INDArray branchGradient = workingMemory(workspaces, gradient.shape());
        for (int m = 0; m < branches.length; m++) {
            s.kernel.branchBackward(m, gradient, pixelGradient, branchGradient);
            batchNorms.get(m).backward(params, gradientViews, convolved[m], branches[m], branchGradient, branchGradient);
            convolutions.get(m).backwardWeights(x, branchGradient, gradientViews.get("branch" + m + ".conv.weight"));
            convolutions.get(m).backwardData(branchGradient, weight(m), m == 0 ? inputGradient : ofBranch);
            if (m > 0) {
                inputGradient.addi(ofBranch);
            }
        }
        return new Pair<>(allGradients(), inputGradient);
    }

    @Override
    public INDArray attention() {
        return selection.kernel.attention().permute(1, 0, 2).dup('c');
    }

    /**
     * The intermediate results of the last forward pass, by name, plain; only without workspaces, and for comparison with a reference.
     */
    Map<String, INDArray> activationsKept() {
        Map<String, INDArray> kept = new LinkedHashMap<>();
        for (int m = 0; m < convolutions.size(); m++) {
            kept.put("branch." + m, kernels.plain(branches[m]));
        }
        kept.put("gap", selection.fused);
        kept.put("fc1", selection.hidden);
        kept.put("relu", selection.compact);
        kept.put("fc2", selection.logits);
        return kept;
    }

    private void normalise(BatchNormUnit unit, boolean training, INDArray from, INDArray to) {
        if (training) {
            unit.train(params, from, to);
        } else {
            unit.infer(params, from, to);
        }
    }

    private INDArray weight(int branch) {
        return params.get("branch" + branch + ".conv.weight");
    }

    private ConvolutionShape branchShape(int branch, INDArray x) {
        return layerConf().branchShape(branch, x.size(0), x.size(2), x.size(3));
    }

    private Selection selectionFor(ChannelShape shape) {
        if (selection == null || !shape.equals(selection.shape)) {
            if (selection != null) {
                selection.close();
            }
            selection = new Selection(shape);
        }
        return selection;
    }

    @Override
    public void clear() {
        super.clear();
        Arrays.fill(convolved, null);
        Arrays.fill(branches, null);
    }
}
