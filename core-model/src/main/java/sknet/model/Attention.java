package sknet.model;

import java.util.List;
import sknet.kernel.Rectifier;
import sknet.layer.Convolution.Bias;
import sknet.layer.ConvolutionSpec;
import sknet.layer.Gate.Opening;

/**
 * What recalibrates features in the networks that SKNets are compared with: in each block, on the residual before it is added, or behind a stage.
 *
 * <p>In {@link SqueezeExcitation} and {@link Cbam} a batch norm follows each of the two fully connected layers, which have no bias: among the
 * readings of the paper's Table 2 this is the one with its 27.7M and 49.2M parameters, running statistics counted.
 */
public sealed interface Attention {
    /** None. */
    Attention NONE = new None();

    /** Whether {@link #inBlock} does anything. */
    default boolean isInBlocks() {
        return false;
    }

    /** Recalibrates a residual. */
    default Maps inBlock(NetworkGraph graph, Maps residual) {
        return residual;
    }

    /** Recalibrates the output of a stage that another one follows. */
    default Maps behindStage(NetworkGraph graph, Maps maps) {
        return maps;
    }

    /** No attention. */
    record None() implements Attention {}

    /**
     * Squeeze-and-excitation (Hu et al., 2018): maps times sigmoid(fc(relu(fc(mean)))).
     *
     * @param reduction r: the hidden layer has C / r values
     */
    record SqueezeExcitation(int reduction) implements Attention {

        @Override
        public boolean isInBlocks() {
            return true;
        }

        @Override
        public Maps inBlock(NetworkGraph graph, Maps residual) {
            NetworkGraph se = graph.in("se");
            return se.gate("gate", residual, Attention.excite(se, se.squeeze("squeeze", residual), reduction), Opening.SIGMOID);
        }
    }

    /**
     * CBAM (Woo et al., 2018): channels are weighed by sigmoid(f(mean) + f(max)) with a shared f, then pixels by the sigmoid of a 7x7 convolution of
     * their channels' largest and mean value.
     *
     * @param reduction r: the hidden layer of f has C / r values
     */
    record Cbam(int reduction) implements Attention {

        @Override
        public boolean isInBlocks() {
            return true;
        }

        @Override
        public Maps inBlock(NetworkGraph graph, Maps residual) {
            NetworkGraph channel = graph.in("channel");
            Maps both = channel.stack("both", channel.squeeze("mean", residual), channel.globalMax("max", residual));
            // The mean of f's two outputs, doubled, is their sum.
            Maps mean = channel.squeeze("average", Attention.excite(channel, both, reduction));
            Maps logits = channel.sum("sum", Rectifier.NONE, List.of(2.0), mean);
            Maps weighed = channel.gate("gate", residual, logits, Opening.SIGMOID);
            NetworkGraph spatial = graph.in("spatial");
            Maps pixels = spatial.convolution("conv", spatial.channelPool("pool", weighed), 1, ConvolutionSpec.ofKernel(7), Rectifier.NONE);
            return spatial.gate("gate", weighed, pixels, Opening.SIGMOID);
        }
    }

    /**
     * BAM (Park et al., 2018), behind stages: maps times 1 + sigmoid(c * s), with c a channel's logit and s a pixel's. The BAM paper adds c and s, its
     * published code multiplies them: so does this.
     *
     * @param reduction r: both ways have C / r channels inside
     */
    record Bam(int reduction) implements Attention {
        private static final int DILATION = 4;

        @Override
        public Maps behindStage(NetworkGraph graph, Maps maps) {
            NetworkGraph bam = graph.in("bam");
            long inner = maps.channels() / reduction;
            ConvolutionSpec pointwise = ConvolutionSpec.ofKernel(1);
            Maps hidden = bam.convolution("channel.fc1", bam.squeeze("channel.squeeze", maps), inner, pointwise);
            Maps channels = bam.linear("channel.fc2", hidden, maps.channels(), pointwise, Bias.LEARNT);
            ConvolutionSpec dilated = ConvolutionSpec.ofKernel(3).withDilation(DILATION);
            Maps reduced = bam.convolution("spatial.reduce", maps, inner, pointwise);
            Maps seen = bam.convolution("spatial.conv2", bam.convolution("spatial.conv1", reduced, inner, dilated), inner, dilated);
            Maps pixels = bam.linear("spatial.out", seen, 1, pointwise, Bias.LEARNT);
            Maps logits = bam.gate("product", bam.resize("channel.spread", channels, maps), pixels, Opening.LINEAR);
            return bam.gate("gate", maps, logits, Opening.ONE_PLUS_SIGMOID);
        }
    }

    /** fc with batch norm and ReLU, then fc with batch norm, on maps of few pixels. */
    private static Maps excite(NetworkGraph graph, Maps pixels, int reduction) {
        ConvolutionSpec pointwise = ConvolutionSpec.ofKernel(1);
        Maps hidden = graph.convolution("fc1", pixels, pixels.channels() / reduction, pointwise);
        return graph.convolution("fc2", hidden, pixels.channels(), pointwise, Rectifier.NONE);
    }
}
