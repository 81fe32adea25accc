package sknet.layer;

import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.kernel.ChannelShape;
import sknet.kernel.Kernels;
import sknet.kernel.NormVectors;
import sknet.kernel.Rectifier;
import sknet.kernel.ResidualKernel;
import sknet.kernel.Store;

/** Runs a {@link Bottleneck}. */
final class BottleneckUnit implements LayerUnit {
    private final Bottleneck layer;
    private final ConvolutionUnit reduce;
    private final LayerUnit middle;
    private final ConvolutionUnit increase;
    /** Null where the shortcut is the input itself. */
    private final ConvolutionUnit projection;
    private final FoldedUnit foldedIncrease;
    private final Shaped<ChannelShape, ResidualKernel> residual;
    private INDArray reduced;
    private INDArray selected;
    private INDArray[] addends;
    private INDArray sum;

    BottleneckUnit(Bottleneck layer, Kernels kernels) {
        this.layer = layer;
        reduce = layer.reduce().unit(kernels);
        middle = layer.middle().unit(kernels);
        increase = layer.increase().unit(kernels);
        projection = layer.projection() == null ? null : layer.projection().unit(kernels);
        foldedIncrease = new FoldedUnit(kernels, Rectifier.RELU, Store.ADD);
        residual = new Shaped<>((shape, type) -> kernels.residual(shape, NormParameters.EPSILON, type));
    }

    @Override
    public INDArray forward(UnitContext context, INDArray input, Allocator output) {
        reduced = reduce.forward(context.in("reduce."), input, context.inner());
        selected = middle.forward(context.in("mid."), reduced, context.inner());
        addends = new INDArray[] {increase.convolve(context.in("increase."), selected),
            projection == null ? input : projection.convolve(context.in("proj."), input)};
        ChannelShape shape = ChannelShape.of(addends[0]);
        NormParameters.checkTrainable(shape);
        sum = output.array(addends[0].dataType(), addends[0].shape());
        residual.of(shape, sum.dataType()).forward(addends, norms(context), sum);
        return sum;
    }

    private NormVectors[] norms(UnitContext context) {
        NormVectors ofIncrease = context.norm("increase.bn.");
        return projection == null ? new NormVectors[] {ofIncrease} : new NormVectors[] {ofIncrease, context.norm("proj.bn.")};
    }

    private NormVectors[] normGradients(UnitContext context) {
        NormVectors ofIncrease = context.normGradients("increase.bn.");
        return projection == null ? new NormVectors[] {ofIncrease} : new NormVectors[] {ofIncrease, context.normGradients("proj.bn.")};
    }

    @Override
    public INDArray infer(UnitContext context, INDArray input, Allocator output) {
        INDArray inner = middle.infer(context.in("mid."), reduce.infer(context.in("reduce."), input, context.inner()), context.inner());
        INDArray shortcut = projection == null ? input : projection.infer(context.in("proj."), input, context.inner());
        INDArray result = output.array(shortcut.dataType(), shortcut.shape());
        foldedIncrease.of(context, layer.increase().shape(inner), result.dataType(), context.parameter("increase.conv.weight"),
                context.norm("increase.bn.")).forward(inner, shortcut, result);
        return result;
    }

    @Override
    public void backward(UnitContext context, INDArray input, INDArray outputGradient, INDArray inputGradient) {
        INDArray ofIncrease = addends[0];
        // The input's gradient begins with the shortcut's.
        INDArray ofShortcut = projection == null ? inputGradient : addends[1];
        residual.last().backward(addends, norms(context), sum, outputGradient, new INDArray[] {ofIncrease, ofShortcut},
                NormParameters.share(layer.increase().momentum(), residual.shape()), normGradients(context));
        if (projection != null) {
            projection.backwardConvolution(context.in("proj."), input, ofShortcut, inputGradient, Store.REPLACE);
        }
        // From here on each part's gradient takes the place of the activations that it was made of.
        increase.backwardConvolution(context.in("increase."), selected, ofIncrease, selected, Store.REPLACE);
        middle.backward(context.in("mid."), reduced, selected, reduced);
        reduce.backward(context.in("reduce."), input, reduced, inputGradient, Store.ADD);
    }

    @Override
    public Optional<INDArray> attention() {
        return middle.attention();
    }

    @Override
    public Map<String, INDArray> kept() {
        return Map.of("mid", selected);
    }

    @Override
    public void forgetParameters() {
        reduce.forgetParameters();
        middle.forgetParameters();
        foldedIncrease.forgetParameters();
        if (projection != null) {
            projection.forgetParameters();
        }
    }

    @Override
    public void clear() {
        reduce.clear();
        middle.clear();
        increase.clear();
        if (projection != null) {
            projection.clear();
        }
        reduced = null;
        selected = null;
        addends = null;
        sum = null;
    }
}
