package sknet.layer;

import org.deeplearning4j.nn.conf.inputs.InputType;
import sknet.kernel.Kernels;

/** The largest and the mean value of every pixel's channels, {@code [N, C, H, W]} to {@code [N, 2, H, W]} (CBAM, Woo et al., 2018). No parameters. */
public final class ChannelPooling extends KernelLayer {
    private static final long serialVersionUID = 1L;

    /** For DL4J's JSON. */
    ChannelPooling() {}

    /** Of so many channels. */
    public ChannelPooling(long channels) {
        super(channels, 2);
    }

    @Override
    ChannelPoolingUnit unit(Kernels kernels) {
        return new ChannelPoolingUnit(kernels);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType input) {
        return InputType.convolutional(maps(input).getHeight(), maps(input).getWidth(), nOut);
    }
}
