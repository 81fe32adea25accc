package sknet.kernel;

/**
 * Pooling over square windows, or over whole maps.
 *
 * @param input   {@code [N, C, H, W]}
 * @param method  what becomes of a window
 * @param kernel  rows and columns of the window
 * @param stride  step of the windows
 * @param padding rows and columns on each side that no window counts
 */
public record PoolingShape(ChannelShape input, Method method, int kernel, int stride, int padding) {

    /** What becomes of a window. */
    public enum Method {
        /** Its largest value; of equal ones the first gets the gradient. */
        MAX,
        /** The mean of the whole map: kernel, stride and padding do not apply. */
        GLOBAL_AVERAGE
    }

    /** The mean of every map. */
    public static PoolingShape globalAverage(ChannelShape input) {
        return new PoolingShape(input, Method.GLOBAL_AVERAGE, 0, 0, 0);
    }

    /** Rows of the output. */
    public int outHeight() {
        return method == Method.GLOBAL_AVERAGE ? 1 : outSize(input.height());
    }

    /** Columns of the output. */
    public int outWidth() {
        return method == Method.GLOBAL_AVERAGE ? 1 : outSize(input.width());
    }

    private int outSize(int size) {
        return (size + 2 * padding - kernel) / stride + 1;
    }
}
