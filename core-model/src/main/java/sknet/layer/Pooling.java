package sknet.layer;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;
import sknet.kernel.ChannelShape;
import sknet.kernel.Kernels;
import sknet.kernel.PoolingShape;
import sknet.kernel.PoolingShape.Method;

/** Pooling of windows, or of whole maps to {@code [N, C, 1, 1]} or, before a classifier, {@code [N, C]}. No parameters. */
public final class Pooling extends KernelLayer {
    private static final long serialVersionUID = 1L;

    @JsonProperty private Method method;
    @JsonProperty private int kernel;
    @JsonProperty private int stride;
    @JsonProperty private int padding;
    @JsonProperty private Output output;

    /** What comes of whole maps. */
    public enum Output {
        /** Maps of one pixel. */
        MAPS,
        /** Vectors {@code [N, C]}. */
        VECTORS
    }

    /** For DL4J's JSON. */
    Pooling() {}

    private Pooling(long channels, Method method, int kernel, int stride, int padding, Output output) {
        super(channels, channels);
        this.method = method;
        this.kernel = kernel;
        this.stride = stride;
        this.padding = padding;
        this.output = output;
    }

    /** The largest value of each square window. */
    public static Pooling max(long channels, int kernel, int stride, int padding) {
        return new Pooling(channels, Method.MAX, kernel, stride, padding, Output.MAPS);
    }

    /** The mean of each square window, where padding does not count. */
    public static Pooling average(long channels, int kernel, int stride, int padding) {
        return new Pooling(channels, Method.AVERAGE, kernel, stride, padding, Output.MAPS);
    }

    /** The mean of each map, as vectors {@code [N, C]}. */
    public static Pooling globalAverage(long channels) {
        return new Pooling(channels, Method.GLOBAL_AVERAGE, 0, 0, 0, Output.VECTORS);
    }

    /** The mean of each map, as maps of one pixel. */
    public static Pooling squeeze(long channels) {
        return new Pooling(channels, Method.GLOBAL_AVERAGE, 0, 0, 0, Output.MAPS);
    }

    /** The largest value of each map, as maps of one pixel. */
    public static Pooling globalMax(long channels) {
        return new Pooling(channels, Method.GLOBAL_MAX, 0, 0, 0, Output.MAPS);
    }

    public Method method() {
        return method;
    }

    /** Rows and columns of the window; 0 where it is the whole map. */
    public int kernel() {
        return kernel;
    }

    /** Step of the windows; 0 where there is but one. */
    public int stride() {
        return stride;
    }

    /** Rows and columns on each side that no window counts. */
    public int padding() {
        return padding;
    }

    public Output output() {
        return output;
    }

    /** Maps of one pixel are vectors, which are not in bfloat16. */
    DataType outputType(DataType input) {
        return method == Method.GLOBAL_AVERAGE && input == DataType.BFLOAT16 ? DataType.FLOAT : input;
    }

    long[] outputShape(PoolingShape shape) {
        long[] maps = {shape.input().batch(), nOut, shape.outHeight(), shape.outWidth()};
        return output == Output.VECTORS ? Arrays.copyOf(maps, 2) : maps;
    }

    PoolingShape shape(ChannelShape input) {
        return new PoolingShape(input, method, kernel, stride, padding);
    }

    @Override
    PoolingUnit unit(Kernels kernels) {
        return new PoolingUnit(this, kernels);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType input) {
        if (output == Output.VECTORS) {
            return InputType.feedForward(nOut);
        }
        InputType.InputTypeConvolutional maps = maps(input);
        PoolingShape shape = shape(new ChannelShape(1, Math.toIntExact(nIn), Math.toIntExact(maps.getHeight()),
                Math.toIntExact(maps.getWidth())));
        return InputType.convolutional(shape.outHeight(), shape.outWidth(), nOut);
    }
}
