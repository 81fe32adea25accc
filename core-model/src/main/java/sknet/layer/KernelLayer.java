package sknet.layer;

import java.util.Collection;
import java.util.List;
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

/**
 * The configuration of a layer that runs on the project's own kernels.
 *
 * <p>Weight decay follows DL4J's two lists: weights take {@code regularization}, batch norm's gamma and beta take
 * {@code regularizationBias}, running statistics take neither, ever.
 */
public abstract sealed class KernelLayer extends FeedForwardLayer permits Convolution, BatchNorm, SelectiveKernelConvolution, Pooling {

    /** For DL4J's JSON. */
    KernelLayer() {}

    KernelLayer(long inChannels, long outChannels) {
        this.nIn = inChannels;
        this.nOut = outChannels;
        this.activationFn = new ActivationIdentity();
    }

    /** The parameters in the order of the flattened vector. */
    abstract List<Parameter> parameters();

    abstract KernelLayerRuntime<?> runtime(NeuralNetConfiguration conf, DataType type);

    /**
     * Multiply-adds of convolutions and fully connected layers for one image.
     *
     * @param input this layer's input
     */
    public abstract long multiplyAdds(InputType input);

    /** Running statistics among the parameters: values that no gradient reaches. */
    public final long statistics() {
        return parameters().stream().filter(parameter -> parameter.role().isStatistic()).mapToLong(Parameter::length).sum();
    }

    @Override
    public final Layer instantiate(NeuralNetConfiguration conf, Collection<TrainingListener> listeners, int index,
            INDArray params,
                                   boolean initializeParams, DataType type) {
        KernelLayerRuntime<?> layer = runtime(conf, type);
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
        boolean statistic = parameters().stream().anyMatch(parameter -> parameter.name().equals(name)
                && parameter.role().isStatistic());
        return statistic ? new NoOp() : iUpdater;
    }

    @Override
    public final void setNIn(InputType input, boolean override) {
        long channels = channels(input);
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

    /** The channels of the input. */
    long channels(InputType input) {
        return maps(input).getChannels();
    }
}
