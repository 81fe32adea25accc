package sknet.interchange;

import java.util.List;
import sknet.kernel.Rectifier;
import sknet.layer.BatchNorm;
import sknet.layer.Bottleneck;
import sknet.layer.ChannelPooling;
import sknet.layer.Convolution;
import sknet.layer.ConvolutionBatchNorm;
import sknet.layer.KernelLayer;
import sknet.layer.Pooling;
import sknet.layer.SelectiveKernelConvolution;

/** Layers of every kind. */
final class OnnxLayers {
    private OnnxLayers() {}

    /** Adds a layer's nodes; returns the name of its output. */
    static String of(KernelLayer layer, OnnxPart part, String input) {
        if (layer instanceof ConvolutionBatchNorm convolution) {
            return OnnxConvolution.of(convolution, part, input);
        } else if (layer instanceof Convolution convolution) {
            return OnnxConvolution.of(convolution, part, input);
        } else if (layer instanceof BatchNorm norm) {
            return OnnxConvolution.of(norm, part, input);
        } else if (layer instanceof SelectiveKernelConvolution selection) {
            return OnnxSelection.of(selection, part, input);
        } else if (layer instanceof Bottleneck block) {
            return bottleneck(block, part, input);
        } else if (layer instanceof Pooling pooling) {
            return OnnxPooling.of(pooling, part, input);
        } else if (layer instanceof ChannelPooling) {
            return OnnxPooling.ofChannels(part, input);
        }
        throw new IllegalArgumentException("Cannot export layer " + part.layer() + ": " + layer.getClass().getSimpleName()
                + " (expected a kind that ONNX files have been given)");
    }

    private static String bottleneck(Bottleneck block, OnnxPart part, String input) {
        String reduced = of(block.reduce(), part.in("reduce"), input);
        String residual = of(block.increase(), part.in("increase"), of(block.middle(), part.in("mid"), reduced));
        String shortcut = block.projection() == null ? input : of(block.projection(), part.in("proj"), input);
        return part.rectified(Rectifier.RELU, part.sum(List.of(residual, shortcut)));
    }
}
