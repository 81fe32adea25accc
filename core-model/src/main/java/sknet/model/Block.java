package sknet.model;

import sknet.kernel.Rectifier;
import sknet.layer.Bottleneck;
import sknet.layer.ConvolutionSpec;

/**
 * One bottleneck block of a stage. It is one layer where nothing but one convolution is between its 1x1 convolutions, and nothing between the second
 * and the sum: then sums are added up where they arise. Otherwise it is a layer a part, with names behind the block's.
 *
 * @param stage  which it is of
 * @param attention perhaps on its residual
 * @param stride of its middle and its projection
 */
record Block(Stage stage, Attention attention, int stride) {
    private static final ConvolutionSpec POINTWISE = ConvolutionSpec.ofKernel(1);

    Maps build(NetworkGraph graph, String name, Maps from) {
        return !attention.isInBlocks() && stage.middle() instanceof Middle.Single middle ? layer(graph, name, from, middle)
                : parts(graph.in(name), from);
    }

    private boolean reshapes(Maps from) {
        return stride != 1 || from.channels() != stage.outChannels();
    }

    private Maps layer(NetworkGraph graph, String name, Maps from, Middle.Single middle) {
        long channels = from.channels();
        return graph.layer(name, new Bottleneck(graph.convolution(channels, stage.width(), POINTWISE, Rectifier.RELU),
                middle.layer(graph, stage.width(), stride), graph.convolution(stage.width(), stage.outChannels(), POINTWISE, Rectifier.NONE),
                reshapes(from) ? graph.convolution(channels, stage.outChannels(), POINTWISE.withStride(stride), Rectifier.NONE) : null), from);
    }

    private Maps parts(NetworkGraph graph, Maps from) {
        Maps reduced = graph.convolution("reduce", from, stage.width(), POINTWISE);
        Maps middle = stage.middle() instanceof Middle.Added added ? added.build(graph.in("mid"), reduced, stride)
                : graph.layer("mid", ((Middle.Single) stage.middle()).layer(graph, stage.width(), stride), reduced);
        Maps residual = attention.inBlock(graph, graph.convolution("increase", middle, stage.outChannels(), POINTWISE, Rectifier.NONE));
        Maps shortcut = reshapes(from) ? graph.convolution("proj", from, stage.outChannels(), POINTWISE.withStride(stride), Rectifier.NONE) : from;
        return graph.sum("sum", Rectifier.RELU, residual, shortcut);
    }
}
