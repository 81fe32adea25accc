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
import sknet.kernel.ChannelShape;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;
import sknet.kernel.SelectionKernel;
import sknet.kernel.SumKernel;

/** Runs a {@link SelectiveKernelConvolution}. */
final class SelectiveKernelRuntime extends KernelLayerRuntime<SelectiveKernelConvolution> implements AttentionSource {
    private static final long serialVersionUID = 1L;

    private final transient List<Shaped<ConvolutionShape, ConvolutionKernel>> convolutions = new ArrayList<>();
    private final transient Shaped<ChannelShape, SelectionKernel> selection;
    private final transient Shaped<ConvolutionShape, ConvolutionKernel> squeeze;
    private final transient BatchNormUnit fusedBatchNorm;
    private final transient Shaped<ConvolutionShape, ConvolutionKernel> excite;
    private final transient Shaped<Long, SumKernel> gradientSum;
    /** The convolutions' outputs of the last forward pass: they live in DL4J's workspace until the backward pass. */
    private final transient INDArray[] convolved;
    private transient Vectors vectors;

    SelectiveKernelRuntime(NeuralNetConfiguration conf, DataType type) {
        super(conf, type);
        int branches = layerConf().branches().size();
        for (int m = 0; m < branches; m++) {
            convolutions.add(new Shaped<>(kernels::convolution));
        }
        selection = new Shaped<>((shape, of) -> kernels.selection(shape, branches, Rectifier.RELU, BatchNormUnit.EPSILON, of));
        squeeze = new Shaped<>(kernels::convolution);
        fusedBatchNorm = new BatchNormUnit("bn.", Rectifier.RELU, layerConf().momentum(), kernels);
        excite = new Shaped<>(kernels::convolution);
        gradientSum = new Shaped<>((length, of) -> kernels.sum(length, Rectifier.NONE, of));
        convolved = new INDArray[branches];
    }

    /** Fuse's and Select's vectors for one batch size, as maps of one pixel, {@code [N, length, 1, 1]}. */
    private final class Vectors {
        private final int batch;
        private final INDArray fused;
        private final INDArray hidden;
        private final INDArray compact;
        private final INDArray logits;
        private final INDArray fusedGradient;
        private final INDArray compactGradient;
        private final INDArray logitGradient;

        Vectors(int batch) {
            this.batch = batch;
            long channels = layerConf().getNOut();
            fused = kept(batch, channels, 1, 1);
            hidden = kept(batch, layerConf().fusedWidth(), 1, 1);
            compact = kept(hidden.shape());
            logits = kept(batch, convolved.length * channels, 1, 1);
            fusedGradient = kept(fused.shape());
            compactGradient = kept(hidden.shape());
            logitGradient = kept(logits.shape());
        }

        void close() {
            for (INDArray array : List.of(fused, hidden, compact, logits, fusedGradient, compactGradient, logitGradient)) {
                array.close();
            }
        }
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput(4);
        for (int m = 0; m < convolved.length; m++) {
            ConvolutionShape shape = layerConf().branchShape(m, x.size(0), x.size(2), x.size(3));
            convolved[m] = activations(workspaces, x.dataType(), shape.batch(), shape.outChannels(), shape.outHeight(), shape.outWidth());
            convolutions.get(m).of(shape, x.dataType()).forward(x, weight(m), convolved[m]);
        }
        ChannelShape shape = ChannelShape.of(convolved[0]);
        SelectionKernel kernel = selection.of(shape, x.dataType());
        Vectors v = vectorsFor(shape.batch());
        if (training) {
            BatchNormUnit.checkTrainable(shape);
            kernel.fuse(convolved, norms(params), v.fused);
        } else {
            kernel.fuseInference(convolved, norms(params), v.fused);
        }
        squeeze.of(product(v.fused, v.hidden), dataType).forward(v.fused, params.get("fc1.weight"), v.hidden);
        fusedBatchNorm.forward(training, params, v.hidden, v.compact);
        excite.of(product(v.compact, v.logits), dataType).forward(v.compact, params.get("fc2.weight"), v.logits);
        INDArray output = activations(workspaces, x.dataType(), convolved[0].shape());
        kernel.select(convolved, v.logits, output);
        return output;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray x = denseInput(4);
        INDArray gradient = dense(epsilon);
        Vectors v = vectors;
        SelectionKernel kernel = selection.last();
        kernel.selectBackward(convolved, gradient, v.logitGradient);
        excite.last().backwardWeights(v.compact, v.logitGradient, gradientViews.get("fc2.weight"));
        excite.last().backwardData(v.logitGradient, params.get("fc2.weight"), v.compactGradient);
        fusedBatchNorm.backward(params, gradientViews, v.hidden, v.compactGradient, v.compactGradient);
        squeeze.last().backwardWeights(v.fused, v.compactGradient, gradientViews.get("fc1.weight"));
        squeeze.last().backwardData(v.compactGradient, params.get("fc1.weight"), v.fusedGradient);
        // Nothing reads the convolutions' outputs any more: their gradients take the place.
        kernel.branchesBackward(convolved, norms(params), gradient, v.fusedGradient, convolved,
                BatchNormUnit.share(layerConf().momentum(), selection.shape()), norms(gradientViews));
        INDArray inputGradient = activationGradient(workspaces, x.dataType(), x.shape());
        INDArray ofBranch = convolved.length == 1 ? null : workingMemory(workspaces, x.dataType(), x.shape());
        for (int m = 0; m < convolved.length; m++) {
            ConvolutionKernel convolution = convolutions.get(m).last();
            convolution.backwardWeights(x, convolved[m], gradientViews.get("branch" + m + ".conv.weight"));
            convolution.backwardData(convolved[m], weight(m), m == 0 ? inputGradient : ofBranch);
            if (m > 0) {
                gradientSum.of(x.length(), x.dataType()).forward(inputGradient, ofBranch, inputGradient);
            }
        }
        return new Pair<>(allGradients(), inputGradient);
    }

    @Override
    public INDArray attention() {
        return selection.last().attention().permute(1, 0, 2).dup('c');
    }

    /**
     * The intermediate results of the last forward pass, by name, plain; only without workspaces, and for comparison with a reference.
     */
    Map<String, INDArray> activationsKept() {
        Map<String, INDArray> kept = new LinkedHashMap<>();
        for (int m = 0; m < convolved.length; m++) {
            INDArray branch = convolved[m].like();
            selection.last().branch(m, convolved[m], branch);
            kept.put("branch." + m, kernels.plain(branch));
        }
        kept.put("gap", vectors.fused);
        kept.put("fc1", vectors.hidden);
        kept.put("relu", vectors.compact);
        kept.put("fc2", vectors.logits);
        return kept;
    }

    private NormVectors[] norms(Map<String, INDArray> views) {
        return IntStream.range(0, convolved.length).mapToObj(m -> BatchNormUnit.vectors("branch" + m + ".bn.", views))
                .toArray(NormVectors[]::new);
    }

    private INDArray weight(int branch) {
        return params.get("branch" + branch + ".conv.weight");
    }

    /** A fully connected layer is a convolution of maps of one pixel. */
    private static ConvolutionShape product(INDArray from, INDArray to) {
        return ConvolutionSpec.ofKernel(1).shape(from.size(0), from.size(1), 1, 1, to.size(1));
    }

    private Vectors vectorsFor(int batch) {
        if (vectors == null || batch != vectors.batch) {
            if (vectors != null) {
                vectors.close();
            }
            vectors = new Vectors(batch);
        }
        return vectors;
    }

    @Override
    public void clear() {
        super.clear();
        Arrays.fill(convolved, null);
    }
}
