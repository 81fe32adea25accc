package sknet.layer;

import java.util.List;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import sknet.kernel.ChannelShape;
import sknet.kernel.Kernels;
import sknet.kernel.PoolingShape;
import sknet.kernel.PoolingShape.Method;

/** Pooling: the largest value of windows, or the mean of whole maps, {@code [N, C, H, W]} to {@code [N, C]}. No parameters. */
public final class Pooling extends KernelLayer {
    private static final long serialVersionUID = 1L;

    @JsonProperty private Method method;
    @JsonProperty private int kernel;
    @JsonProperty private int stride;
    @JsonProperty private int padding;

    /** For DL4J's JSON. */
    Pooling() {}

    private Pooling(long channels, Method method, int kernel, int stride, int padding) {
        super(channels, channels);
        this.method = method;
        this.kernel = kernel;
        this.stride = stride;
        this.padding = padding;
    }

    /** The largest value of each square window. */
    public static Pooling max(long channels, int kernel, int stride, int padding) {
        return new Pooling(channels, Method.MAX, kernel, stride, padding);
    }

    /** The mean of each map. */
    public static Pooling globalAverage(long channels) {
        return new Pooling(channels, Method.GLOBAL_AVERAGE, 0, 0, 0);
    }

    PoolingShape shape(ChannelShape input) {
        return new PoolingShape(input, method, kernel, stride, padding);
    }

    @Override
    List<Parameter> learnt() {
        return List.of();
    }

    @Override
    List<Parameter> runningStatistics() {
        return List.of();
    }

    @Override
    PoolingUnit unit(Kernels kernels) {
        return new PoolingUnit(this, kernels);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType input) {
        if (method == Method.GLOBAL_AVERAGE) {
            return InputType.feedForward(nOut);
        }
        InputType.InputTypeConvolutional maps = maps(input);
        PoolingShape shape = shape(new ChannelShape(1, Math.toIntExact(nIn), Math.toIntExact(maps.getHeight()),
                Math.toIntExact(maps.getWidth())));
        return InputType.convolutional(shape.outHeight(), shape.outWidth(), nOut);
    }

    @Override
    public long multiplyAdds(InputType input) {
        return 0;
    }
}
