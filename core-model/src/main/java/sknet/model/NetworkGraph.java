package sknet.model;

import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import sknet.kernel.Rectifier;
import sknet.layer.BatchNorm;
import sknet.layer.ChannelGather;
import sknet.layer.ChannelPooling;
import sknet.layer.Convolution;
import sknet.layer.Convolution.Bias;
import sknet.layer.ConvolutionBatchNorm;
import sknet.layer.ConvolutionSpec;
import sknet.layer.Gate;
import sknet.layer.KernelLayer;
import sknet.layer.KernelVertex;
import sknet.layer.PixelStack;
import sknet.layer.Pooling;
import sknet.layer.Resize;
import sknet.layer.Sum;

/** The layers that bodies are declared in; each method adds one and returns its output. Names are those of the layers, behind a part's prefix. */
public final class NetworkGraph {
    /** The input's name. */
    static final String IMAGE = "image";

    private final GraphBuilder builder;
    private final NetworkOptions options;
    private final String prefix;

    NetworkGraph(GraphBuilder builder, NetworkOptions options, String prefix) {
        this.builder = builder;
        this.options = options;
        this.prefix = prefix;
    }

    /** For a part of the network: its layers' names begin with this part's and a point. */
    public NetworkGraph in(String part) {
        return new NetworkGraph(builder, options, prefix + part + ".");
    }

    /** A layer. */
    Maps layer(String name, KernelLayer layer, Maps from) {
        builder.addLayer(prefix + name, layer, from.name());
        return new Maps(prefix + name, layer.getNOut());
    }

    private Maps vertex(String name, KernelVertex vertex, long channels, Maps... from) {
        builder.addVertex(prefix + name, vertex, Arrays.stream(from).map(Maps::name).toArray(String[]::new));
        return new Maps(prefix + name, channels);
    }

    /** A convolution with batch norm and ReLU. */
    public Maps convolution(String name, Maps from, long outChannels, ConvolutionSpec spec) {
        return convolution(name, from, outChannels, spec, Rectifier.RELU);
    }

    /** A convolution with batch norm. */
    public Maps convolution(String name, Maps from, long outChannels, ConvolutionSpec spec, Rectifier rectifier) {
        ConvolutionBatchNorm layer = convolution(from.channels(), outChannels, spec, rectifier);
        return layer(name, from.name().equals(IMAGE) ? layer.first(options.inputGradient(), options.precision().type()) : layer, from);
    }

    /** The layer alone, for blocks that are one layer. */
    ConvolutionBatchNorm convolution(long inChannels, long outChannels, ConvolutionSpec spec, Rectifier rectifier) {
        return new ConvolutionBatchNorm(inChannels, outChannels, spec, rectifier, options.batchNormMomentum());
    }

    /** As in {@link NetworkOptions}. */
    double batchNormMomentum() {
        return options.batchNormMomentum();
    }

    /** A convolution without batch norm. */
    public Maps linear(String name, Maps from, long outChannels, ConvolutionSpec spec, Bias bias) {
        return layer(name, new Convolution(from.channels(), outChannels, spec, bias), from);
    }

    /** A batch norm with ReLU. */
    public Maps batchNorm(String name, Maps from) {
        return layer(name, new BatchNorm(from.channels(), Rectifier.RELU, options.batchNormMomentum()), from);
    }

    /** The largest value of square windows. */
    public Maps maxPool(String name, Maps from, int kernel, int stride, int padding) {
        return layer(name, Pooling.max(from.channels(), kernel, stride, padding), from);
    }

    /** The mean of square windows. */
    public Maps averagePool(String name, Maps from, int kernel, int stride, int padding) {
        return layer(name, Pooling.average(from.channels(), kernel, stride, padding), from);
    }

    /** The mean of whole maps, as maps of one pixel. */
    public Maps squeeze(String name, Maps from) {
        return layer(name, Pooling.squeeze(from.channels()), from);
    }

    /** The largest value of whole maps, as maps of one pixel. */
    public Maps globalMax(String name, Maps from) {
        return layer(name, Pooling.globalMax(from.channels()), from);
    }

    /** The largest and the mean value of each pixel's channels. */
    public Maps channelPool(String name, Maps from) {
        return layer(name, new ChannelPooling(from.channels()), from);
    }

    /** One input's channels after the other's. */
    public Maps concatenate(String name, Maps... from) {
        List<Long> channels = Arrays.stream(from).map(Maps::channels).toList();
        return vertex(name, ChannelGather.concatenation(channels), channels.stream().mapToLong(Long::longValue).sum(), from);
    }

    /** Some channels. */
    public Maps slice(String name, Maps from, long first, long count) {
        return vertex(name, ChannelGather.slice(from.channels(), Math.toIntExact(first), Math.toIntExact(count)), count, from);
    }

    /** The channels of two inputs by turns. */
    public Maps interleave(String name, Maps first, Maps second) {
        return vertex(name, ChannelGather.interleaving(2, first.channels()), 2 * first.channels(), first, second);
    }

    /** A sum with an optional ReLU. */
    public Maps sum(String name, Rectifier rectifier, Maps... from) {
        return vertex(name, Sum.of(from.length, rectifier), from[0].channels(), from);
    }

    /** A sum of products with factors. */
    public Maps sum(String name, Rectifier rectifier, List<Double> factors, Maps... from) {
        return vertex(name, new Sum(factors, rectifier), from[0].channels(), from);
    }

    /** Maps times a function of logits. */
    public Maps gate(String name, Maps from, Maps logits, Gate.Opening opening) {
        return vertex(name, new Gate(opening), from.channels(), from, logits);
    }

    /** Maps brought to the size of others. */
    public Maps resize(String name, Maps from, Maps like) {
        return vertex(name, new Resize(), from.channels(), from, like);
    }

    /** Maps of one pixel as the pixels of one map each. */
    public Maps stack(String name, Maps... pixels) {
        return vertex(name, new PixelStack(pixels.length), pixels[0].channels(), pixels);
    }
}
