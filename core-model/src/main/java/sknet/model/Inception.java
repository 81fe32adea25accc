package sknet.model;

import java.util.List;
import sknet.kernel.Rectifier;
import sknet.layer.Convolution.Bias;
import sknet.layer.ConvolutionSpec;

/**
 * What the Inception networks (Szegedy et al., 2016 and 2017) are made of: modules whose branches are chains of convolutions with batch norm and ReLU.
 *
 * @param graph the module's part of the network
 * @param input of the module
 */
record Inception(NetworkGraph graph, Maps input) {
    /** 1x1. */
    static final ConvolutionSpec POINTWISE = ConvolutionSpec.ofKernel(1);
    /** 3x3. */
    static final ConvolutionSpec SQUARE = ConvolutionSpec.ofKernel(3);
    /** 3x3 that halves the map. */
    static final ConvolutionSpec HALVING = SQUARE.withStride(2).withoutPadding();

    /** One convolution of a chain. */
    record Link(long channels, ConvolutionSpec spec) {}

    /** 1x1. */
    static Link c1(long channels) {
        return new Link(channels, POINTWISE);
    }

    /** 3x3. */
    static Link c3(long channels) {
        return new Link(channels, SQUARE);
    }

    /** 3x3 without padding. */
    static Link shrunk(long channels) {
        return new Link(channels, SQUARE.withoutPadding());
    }

    /** 3x3 of stride 2 without padding. */
    static Link halved(long channels) {
        return new Link(channels, HALVING);
    }

    /** Any kernel. */
    static Link of(long channels, int height, int width) {
        return new Link(channels, ConvolutionSpec.ofKernel(height, width));
    }

    /** A chain from the module's input. */
    Maps chain(String name, Link... links) {
        return chain(name, input, links);
    }

    /** A chain from anywhere in the module. */
    Maps chain(String name, Maps from, Link... links) {
        Maps maps = from;
        for (int i = 0; i < links.length; i++) {
            maps = graph.convolution(name + "." + i, maps, links[i].channels(), links[i].spec());
        }
        return maps;
    }

    /** The mean of 3x3 windows, then a 1x1 convolution. */
    Maps pooled(String name, long channels) {
        return chain(name, graph.averagePool(name + ".pool", input, 3, 1, 1), c1(channels));
    }

    /** The largest value of 3x3 windows, of stride 2 without padding. */
    Maps maxPooled(String name) {
        return graph.maxPool(name + ".pool", input, 3, 2, 0);
    }

    /** A kernel of one row and one of one column, side by side. */
    Maps crossed(String name, Maps from, long channels) {
        return graph.concatenate(name, chain(name + ".row", from, of(channels, 1, 3)), chain(name + ".column", from, of(channels, 3, 1)));
    }

    /** The module's output. */
    Maps concatenated(Maps... branches) {
        return graph.concatenate("concat", branches);
    }

    /** rectify(input + factor * a 1x1 convolution, with bias and without batch norm, of the branches). */
    Maps added(double factor, Rectifier rectifier, Maps... branches) {
        Maps residual = graph.linear("increase", concatenated(branches), input.channels(), POINTWISE, Bias.LEARNT);
        return graph.sum("sum", rectifier, List.of(1.0, factor), input, residual);
    }
}
