package sknet.interchange;

import static sknet.interchange.OnnxGraph.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import sknet.layer.BatchNorm;
import sknet.layer.Convolution;
import sknet.layer.ConvolutionBatchNorm;
import sknet.layer.ConvolutionSpec;

/** Convolutions as Conv, a fully connected layer of maps of one pixel among them. */
final class OnnxConvolution {
    private static final int OIHW = 4;

    private OnnxConvolution() {}

    static String of(ConvolutionBatchNorm layer, OnnxPart part, String input) {
        return part.rectified(layer.rectifier(), folded(part, "conv", layer.spec(), input));
    }

    static String of(Convolution layer, OnnxPart part, String input) {
        List<String> inputs = new ArrayList<>(List.of(input, part.constant("conv.weight")));
        if (layer.hasBias()) {
            inputs.add(part.constant("conv.bias"));
        }
        return conv(part, "conv", layer.spec(), inputs);
    }

    /** A batch norm that no convolution is before: nothing to fold it into. */
    static String of(BatchNorm layer, OnnxPart part, String input) {
        String normalised = part.node("BatchNormalization", "bn", List.of(input, part.constant("bn.gamma"), part.constant("bn.beta"),
                part.constant("bn.mean"), part.constant("bn.variance")), attribute("epsilon", (float) ConvolutionBatchNorm.EPSILON));
        return part.rectified(layer.rectifier(), normalised);
    }

    /** A convolution with the part's batch norm folded in, in float64: weights and bias are float32 by a single rounding. */
    static String folded(OnnxPart part, String own, ConvolutionSpec spec, String input) {
        float[] weights = part.values(own + ".weight");
        float[] gamma = part.values("bn.gamma");
        float[] mean = part.values("bn.mean");
        float[] variance = part.values("bn.variance");
        float[] bias = part.values("bn.beta");
        int taps = weights.length / bias.length;
        for (int channel = 0; channel < bias.length; channel++) {
            double scale = gamma[channel] / Math.sqrt(variance[channel] + ConvolutionBatchNorm.EPSILON);
            for (int tap = channel * taps; tap < (channel + 1) * taps; tap++) {
                weights[tap] = (float) (weights[tap] * scale);
            }
            bias[channel] = (float) (bias[channel] - mean[channel] * scale);
        }
        return conv(part, own, spec, List.of(input, part.constant(own + ".weight", weights, oihw(part, own)),
                part.constant(own + ".bias", bias, bias.length)));
    }

    /** A fully connected layer without bias or batch norm on maps of one pixel. */
    static String pointwise(OnnxPart part, String own, String input) {
        return conv(part, own, ConvolutionSpec.ofKernel(1), List.of(input, part.constant(own + ".weight", part.values(own + ".weight"), oihw(part, own))));
    }

    /** The weights' shape; that of a fully connected layer, {@code [O, I]}, as a convolution's. */
    private static long[] oihw(OnnxPart part, String own) {
        return LongStream.concat(Arrays.stream(part.shape(own + ".weight")), LongStream.of(1, 1)).limit(OIHW).toArray();
    }

    private static String conv(OnnxPart part, String own, ConvolutionSpec spec, List<String> inputs) {
        long rows = spec.paddingHeight();
        long columns = spec.paddingWidth();
        return part.node("Conv", own, inputs, attribute("kernel_shape", List.of((long) spec.kernelHeight(), (long) spec.kernelWidth())),
                attribute("strides", List.of((long) spec.stride(), (long) spec.stride())),
                attribute("dilations", List.of((long) spec.dilation(), (long) spec.dilation())),
                attribute("pads", List.of(rows, columns, rows, columns)), attribute("group", spec.groups()));
    }
}
