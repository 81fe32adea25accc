package sknet.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.BatchNormKernel;
import sknet.kernel.ChannelShape;
import sknet.kernel.ConvolutionKernel;
import sknet.kernel.ConvolutionShape;
import sknet.kernel.Kernels;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;
import sknet.kernel.SelectionKernel;
import sknet.kernel.Store;

/** Runs a {@link SelectiveKernelConvolution}. */
final class SelectiveKernelUnit implements LayerUnit {
    private final SelectiveKernelConvolution layer;
    private final Kernels kernels;
    private final List<Shaped<ConvolutionShape, ConvolutionKernel>> convolutions = new ArrayList<>();
    private final List<FoldedUnit> foldedConvolutions = new ArrayList<>();
    private final Shaped<ChannelShape, SelectionKernel> selection;
    private final Shaped<ConvolutionShape, ConvolutionKernel> squeeze;
    private final FoldedUnit foldedSqueeze;
    private final Shaped<ChannelShape, BatchNormKernel> fusedBatchNorm;
    private final Shaped<ConvolutionShape, ConvolutionKernel> excite;
    /** The convolutions' outputs of the last forward pass. */
    private final INDArray[] convolved;
    private Vectors vectors;

    SelectiveKernelUnit(SelectiveKernelConvolution layer, Kernels kernels) {
        this.layer = layer;
        this.kernels = kernels;
        convolved = new INDArray[layer.branches().size()];
        for (int m = 0; m < convolved.length; m++) {
            convolutions.add(new Shaped<>(kernels::convolution));
            foldedConvolutions.add(new FoldedUnit(kernels, layer.rectifiers().get(m), Store.REPLACE));
        }
        selection = new Shaped<>((shape, type) -> kernels.selection(shape, layer.rectifiers(), NormParameters.EPSILON, type));
        squeeze = new Shaped<>(kernels::convolution);
        foldedSqueeze = new FoldedUnit(kernels, Rectifier.RELU, Store.REPLACE);
        fusedBatchNorm = new Shaped<>((shape, type) -> kernels.batchNorm(shape, Rectifier.RELU, NormParameters.EPSILON, type));
        excite = new Shaped<>(kernels::convolution);
    }

    /** Fuse's and Select's vectors, as maps of one pixel, {@code [N, length, 1, 1]}; not in bfloat16. */
    private record Vectors(INDArray fused, INDArray hidden, INDArray compact, INDArray logits) {

        static Vectors of(SelectiveKernelConvolution layer, long batch, DataType maps, Allocator allocator) {
            DataType type = maps == DataType.BFLOAT16 ? DataType.FLOAT : maps;
            long channels = layer.getNOut();
            return new Vectors(allocator.array(type, batch, channels, 1, 1), allocator.array(type, batch, layer.fusedWidth(), 1, 1),
                    allocator.array(type, batch, layer.fusedWidth(), 1, 1),
                    allocator.array(type, batch, layer.branches().size() * channels, 1, 1));
        }
    }

    @Override
    public INDArray forward(UnitContext context, INDArray input, Allocator output) {
        for (int m = 0; m < convolved.length; m++) {
            ConvolutionShape shape = layer.branchShape(m, input);
            convolved[m] = context.inner().array(input.dataType(), shape.outputShape());
            convolutions.get(m).of(shape, input.dataType()).forward(input, weight(context, m), convolved[m]);
        }
        ChannelShape shape = ChannelShape.of(convolved[0]);
        NormParameters.checkTrainable(shape);
        SelectionKernel kernel = selection.of(shape, input.dataType());
        vectors = Vectors.of(layer, shape.batch(), input.dataType(), context.inner());
        kernel.fuse(convolved, norms(context), vectors.fused);
        product(squeeze, vectors.fused, vectors.hidden).forward(vectors.fused, context.parameter("fc1.weight"), vectors.hidden);
        ChannelShape hidden = ChannelShape.of(vectors.hidden);
        NormParameters.checkTrainable(hidden);
        fusedBatchNorm.of(hidden, vectors.hidden.dataType()).forward(vectors.hidden, context.norm("bn."), vectors.compact);
        return select(context, convolved, output);
    }

    @Override
    public INDArray infer(UnitContext context, INDArray input, Allocator output) {
        INDArray[] maps = new INDArray[convolved.length];
        for (int m = 0; m < maps.length; m++) {
            ConvolutionShape shape = layer.branchShape(m, input);
            maps[m] = context.inner().array(input.dataType(), shape.outputShape());
            foldedConvolutions.get(m).of(context, shape, input.dataType(), weight(context, m), context.norm(norm(m))).forward(input, maps[m]);
        }
        ChannelShape shape = ChannelShape.of(maps[0]);
        vectors = Vectors.of(layer, shape.batch(), input.dataType(), context.inner());
        selection.of(shape, input.dataType()).fuse(maps, vectors.fused);
        foldedSqueeze.of(context, product(vectors.fused, vectors.compact), vectors.compact.dataType(), context.parameter("fc1.weight"), context.norm("bn."))
                .forward(vectors.fused, vectors.compact);
        return select(context, maps, output);
    }

    private INDArray select(UnitContext context, INDArray[] maps, Allocator output) {
        product(excite, vectors.compact, vectors.logits).forward(vectors.compact, context.parameter("fc2.weight"), vectors.logits);
        INDArray selected = output.array(maps[0].dataType(), maps[0].shape());
        selection.last().select(maps, vectors.logits, selected);
        return selected;
    }

    @Override
    public void backward(UnitContext context, INDArray input, INDArray outputGradient, INDArray inputGradient) {
        SelectionKernel kernel = selection.last();
        // The vectors' gradients take the vectors' places as these are read for the last time; hidden is read by the batch norm's.
        kernel.selectBackward(convolved, outputGradient, vectors.logits);
        excite.last().backwardWeights(vectors.compact, vectors.logits, context.gradient("fc2.weight"));
        excite.last().backwardData(vectors.logits, context.parameter("fc2.weight"), vectors.compact, Store.REPLACE);
        fusedBatchNorm.last().backward(vectors.hidden, vectors.compact, context.norm("bn."), vectors.compact,
                NormParameters.share(layer.momentum(), fusedBatchNorm.shape()), context.normGradients("bn."));
        squeeze.last().backwardWeights(vectors.fused, vectors.compact, context.gradient("fc1.weight"));
        squeeze.last().backwardData(vectors.compact, context.parameter("fc1.weight"), vectors.fused, Store.REPLACE);
        kernel.branchesBackward(convolved, norms(context), outputGradient, vectors.fused, convolved,
                NormParameters.share(layer.momentum(), selection.shape()), normGradients(context));
        for (int m = 0; m < convolved.length; m++) {
            convolutions.get(m).last().backwardWeights(input, convolved[m], context.gradient("branch" + m + ".conv.weight"));
        }
        for (int m = 0; m < convolved.length; m++) {
            convolutions.get(m).last().backwardData(convolved[m], weight(context, m), inputGradient, m == 0 ? Store.REPLACE : Store.ADD);
        }
    }

    @Override
    public Optional<INDArray> attention() {
        return Optional.of(selection.last().attention().permute(1, 0, 2).dup('c'));
    }

    @Override
    public Map<String, INDArray> kept() {
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

    private NormVectors[] norms(UnitContext context) {
        return IntStream.range(0, convolved.length).mapToObj(m -> context.norm(norm(m))).toArray(NormVectors[]::new);
    }

    private NormVectors[] normGradients(UnitContext context) {
        return IntStream.range(0, convolved.length).mapToObj(m -> context.normGradients(norm(m))).toArray(NormVectors[]::new);
    }

    private static String norm(int branch) {
        return "branch" + branch + ".bn.";
    }

    private static INDArray weight(UnitContext context, int branch) {
        return context.parameter("branch" + branch + ".conv.weight");
    }

    private static ConvolutionKernel product(Shaped<ConvolutionShape, ConvolutionKernel> kernel, INDArray from, INDArray to) {
        return kernel.of(product(from, to), from.dataType());
    }

    /** A fully connected layer is a convolution of maps of one pixel. */
    private static ConvolutionShape product(INDArray from, INDArray to) {
        return ConvolutionSpec.ofKernel(1).shape(from.size(0), from.size(1), 1, 1, to.size(1));
    }

    @Override
    public void forgetParameters() {
        foldedConvolutions.forEach(FoldedUnit::forgetParameters);
        foldedSqueeze.forgetParameters();
    }

    @Override
    public void clear() {
        Arrays.fill(convolved, null);
        vectors = null;
    }
}
