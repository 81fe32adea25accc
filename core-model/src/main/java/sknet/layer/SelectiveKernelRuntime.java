package sknet.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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
    private transient Buffers buffers;

    SelectiveKernelRuntime(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
        double momentum = layerConf().momentum();
        for (int m = 0; m < layerConf().branches().size(); m++) {
            convolutions.add(new ConvolutionUnit(kernels, type));
            batchNorms.add(new BatchNormUnit("branch" + m + ".bn.", Rectifier.RELU, momentum, kernels, type));
        }
        fusedBatchNorm = new BatchNormUnit("bn.", Rectifier.RELU, momentum, kernels, type);
    }

    /** What the layer keeps between passes, for one shape of its input. */
    private final class Buffers {
        private final long[] inputShape;
        private final long[] outputShape;
        private final SelectionKernel selection;
        private final INDArray convolved;
        private final INDArray branches;
        private final INDArray[] branch;
        private final INDArray branchGradients;
        private final INDArray[] branchGradient;
        private final INDArray inputGradient;
        private final INDArray fused;
        private final INDArray hidden;
        private final INDArray compact;
        private final INDArray logits;
        private final INDArray logitGradient;
        private final INDArray compactGradient;
        private final INDArray fusedGradient;

        Buffers(long[] inputShape) {
            this.inputShape = inputShape;
            ConvolutionShape shape = shape(0);
            long batch = shape.batch();
            long channels = shape.outChannels();
            long count = convolutions.size();
            outputShape = new long[] {batch, channels, shape.outHeight(), shape.outWidth()};
            selection = kernels.selection(new ChannelShape(shape.batch(), shape.outChannels(),
                    shape.outHeight() * shape.outWidth()),
                    convolutions.size(), dataType);
            convolved = kept(outputShape);
            branches = kept(count, batch, channels, outputShape[2], outputShape[3]);
            branch = slices(branches);
            branchGradients = kept(branches.shape());
            branchGradient = slices(branchGradients);
            inputGradient = kept(inputShape);
            fused = kept(batch, channels);
            hidden = kept(batch, layerConf().fusedWidth());
            compact = kept(hidden.shape());
            logits = kept(batch, count * channels);
            logitGradient = kept(logits.shape());
            compactGradient = kept(hidden.shape());
            fusedGradient = kept(fused.shape());
        }

        private INDArray[] slices(INDArray array) {
            return IntStream.range(0, convolutions.size()).mapToObj(array::slice).toArray(INDArray[]::new);
        }

        ConvolutionShape shape(int index) {
            return layerConf().branchShape(index, inputShape[0], inputShape[2], inputShape[3]);
        }

        void close() {
            selection.close();
            for (INDArray array : List.of(convolved, branches, branchGradients, inputGradient, fused, hidden, compact, logits,
                    logitGradient, compactGradient, fusedGradient)) {
                array.close();
            }
        }
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput(4);
        Buffers b = buffersFor(x);
        for (int m = 0; m < convolutions.size(); m++) {
            convolutions.get(m).forward(b.shape(m), x, weight(m), b.convolved);
            normalise(batchNorms.get(m), training, b.convolved, b.branch[m]);
        }
        b.selection.fuse(b.branches, b.fused);
        Nd4j.matmul(b.fused, params.get("fc1.weight"), b.hidden, false, true, false);
        normalise(fusedBatchNorm, training, b.hidden, b.compact);
        Nd4j.matmul(b.compact, params.get("fc2.weight"), b.logits, false, true, false);
        INDArray output = activations(workspaces, b.outputShape);
        b.selection.select(b.branches, b.logits, output);
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput(4);
        INDArray gradient = dense(epsilon);
        Buffers b = buffers;
        b.selection.selectBackward(b.branches, gradient, b.logitGradient);
        Nd4j.matmul(b.logitGradient, b.compact, gradientViews.get("fc2.weight"), true, false, false);
        Nd4j.matmul(b.logitGradient, params.get("fc2.weight"), b.compactGradient, false, false, false);
        fusedBatchNorm.backward(params, gradientViews, b.compact, b.compactGradient, b.compactGradient);
        Nd4j.matmul(b.compactGradient, b.fused, gradientViews.get("fc1.weight"), true, false, false);
        Nd4j.matmul(b.compactGradient, params.get("fc1.weight"), b.fusedGradient, false, false, false);
        b.selection.branchBackward(gradient, b.fusedGradient, b.branchGradients);
        INDArray inputGradient = activationGradient(workspaces, x.shape());
        for (int m = 0; m < convolutions.size(); m++) {
            INDArray branchGradient = b.branchGradient[m];
            batchNorms.get(m).backward(params, gradientViews, b.branch[m], branchGradient, branchGradient);
            convolutions.get(m).backwardWeights(x, branchGradient, gradientViews.get("branch" + m + ".conv.weight"));
            convolutions.get(m).backwardData(branchGradient, weight(m), m == 0 ? inputGradient : b.inputGradient);
            if (m > 0) {
                inputGradient.addi(b.inputGradient);
            }
        }
        return new Pair<>(allGradients(), inputGradient);
    }

    @Override
    public INDArray attention() {
        return buffers.selection.attention().permute(1, 0, 2).dup('c');
    }

    /**
     * The intermediate results of the last forward pass that are kept, by name: views of live buffers, for comparison with a
     * reference.
     */
    Map<String, INDArray> activationsKept() {
        Map<String, INDArray> kept = new LinkedHashMap<>();
        for (int m = 0; m < convolutions.size(); m++) {
            kept.put("branch." + m, buffers.branch[m]);
        }
        kept.put("gap", buffers.fused);
        kept.put("fc1", buffers.hidden);
        kept.put("relu", buffers.compact);
        kept.put("fc2", buffers.logits);
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

    private Buffers buffersFor(INDArray x) {
        if (buffers == null || !Arrays.equals(buffers.inputShape, x.shape())) {
            if (buffers != null) {
                buffers.close();
            }
            buffers = new Buffers(x.shape());
        }
        return buffers;
    }
}
