package sknet.layer;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import sknet.kernel.Kernels;

/**
 * The configuration of a layer that runs on the project's own kernels.
 *
 * <p>Weight decay follows DL4J's two lists: weights take {@code regularization}, batch norm's gamma and beta take
 * {@code regularizationBias}, running statistics take neither, ever.
 */
public abstract sealed class KernelLayer extends FeedForwardLayer
        permits ConvolutionBatchNorm, Convolution, BatchNorm, SelectiveKernelConvolution, Bottleneck, Pooling, ChannelPooling {

    /** For DL4J's JSON. */
    KernelLayer() {}

    KernelLayer(long inChannels, long outChannels) {
        this.nIn = inChannels;
        this.nOut = outChannels;
        this.activationFn = new ActivationIdentity();
    }

    /** The parameters that gradients reach. */
    List<Parameter> learnt() {
        return List.of();
    }

    /** Running statistics: values that no gradient reaches. */
    List<Parameter> runningStatistics() {
        return List.of();
    }

    /**
     * All parameters in the order of the flattened vector: statistics last, as their updater differs, and DL4J's updater works on runs of parameters
     * that share one.
     */
    final List<Parameter> parameters() {
        return Stream.concat(learnt().stream(), runningStatistics().stream()).toList();
    }

    /** The arithmetic. */
    abstract LayerUnit unit(Kernels kernels);

    /** Whether the gradient with respect to the input is computed. */
    boolean needsInputGradient() {
        return true;
    }

    /**
     * Multiply-adds of convolutions and fully connected layers for one image.
     *
     * @param input this layer's input
     */
    public long multiplyAdds(InputType input) {
        return 0;
    }

    /** Products of Select (equation 6) for one image: one for each value of each branch. */
    public long selectProducts(InputType input) {
        return 0;
    }

    /** Values of the activations that training keeps for one image, the output included. */
    public long activations(InputType input) {
        return getOutputType(-1, input).arrayElementsPerExample();
    }

    /** How many of the parameters are running statistics. */
    public final long statistics() {
        return runningStatistics().stream().mapToLong(Parameter::length).sum();
    }

    @Override
    public final Layer instantiate(NeuralNetConfiguration conf, Collection<TrainingListener> listeners, int index,
            INDArray params,
                                   boolean initializeParams, DataType type) {
        KernelLayerRuntime layer = new KernelLayerRuntime(conf, type);
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(params);
        layer.setParamTable(initializer().init(conf, params, initializeParams));
        return layer;
    }

    @Override
    public final ParamInitializer initializer() {
        return new ParameterLayout();
    }

    @Override
    public final IUpdater getUpdaterByParam(String name) {
        boolean statistic = runningStatistics().stream().anyMatch(parameter -> parameter.name().equals(name));
        return statistic ? new NoOp() : iUpdater;
    }

    @Override
    public final void setNIn(InputType input, boolean override) {
        long channels = maps(input).getChannels();
        if (channels != nIn) {
            throw new IllegalStateException("Cannot connect layer " + layerName + ": " + channels + " input channels (expected "
                    + nIn
                    + ")");
        }
    }

    @Override
    public final InputPreProcessor getPreProcessorForInputType(InputType input) {
        return null;
    }

    @Override
    public final LayerMemoryReport getMemoryReport(InputType input) {
        InputType output = getOutputType(-1, input);
        return new LayerMemoryReport.Builder(layerName, getClass(), input, output).standardMemory(initializer().numParams(this),
                0)
                .workingMemory(0, 0, 0, output.arrayElementsPerExample()).cacheMemory(0, 0).build();
    }

    /** The input as maps. */
    final InputType.InputTypeConvolutional maps(InputType input) {
        if (input instanceof InputType.InputTypeConvolutional maps) {
            return maps;
        }
        throw new IllegalStateException("Cannot connect layer " + layerName + ": input " + input
                + " (expected maps [N, C, H, W])");
    }

}
