package sknet.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import sknet.layer.AttentionSource;
import sknet.layer.Bottleneck;
import sknet.layer.ConvolutionSpec;
import sknet.layer.SelectiveKernelConvolution;
import sknet.tensorboard.Histogram;

/**
 * The attention weights (equation 5) that an SK unit gave one of its branches in a forward pass, over images and channels.
 *
 * @param unit    the layer's name, like {@code stages.0.1}
 * @param branch  its number and the extent of its kernel, dilation included, like {@code branch1-5x5}
 * @param weights of all images and channels
 */
public record AttentionHistogram(String unit, String branch, Histogram weights) {

    /** Of the last forward pass of a network, one a unit and branch; none of a network without SK units. Changes nothing in it. */
    static List<AttentionHistogram> of(ComputationGraph network) {
        List<AttentionHistogram> histograms = new ArrayList<>();
        for (Layer layer : network.getLayers()) {
            selection(layer).ifPresent(unit -> histograms.addAll(of(layer, unit)));
        }
        return histograms;
    }

    private static Optional<SelectiveKernelConvolution> selection(Layer layer) {
        var configuration = layer.conf().getLayer();
        var unit = configuration instanceof Bottleneck block ? block.middle() : configuration;
        return unit instanceof SelectiveKernelConvolution selecting ? Optional.of(selecting) : Optional.empty();
    }

    private static List<AttentionHistogram> of(Layer layer, SelectiveKernelConvolution unit) {
        List<ConvolutionSpec> branches = unit.branches();
        INDArray attention = ((AttentionSource) layer).attention();
        float[][] byBranch = attention.permute(1, 0, 2).reshape(branches.size(), attention.length() / branches.size()).toFloatMatrix();
        List<AttentionHistogram> histograms = new ArrayList<>();
        for (int m = 0; m < byBranch.length; m++) {
            histograms.add(new AttentionHistogram(layer.conf().getLayer().getLayerName(), name(m, branches.get(m)), Histogram.of(byBranch[m])));
        }
        return histograms;
    }

    private static String name(int branch, ConvolutionSpec spec) {
        int height = spec.dilation() * (spec.kernelHeight() - 1) + 1;
        int width = spec.dilation() * (spec.kernelWidth() - 1) + 1;
        return "branch" + branch + "-" + height + "x" + width;
    }

    String tag() {
        return "attention/" + unit + "/" + branch;
    }
}
