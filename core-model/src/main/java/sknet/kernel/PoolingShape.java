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
        /** The mean of those of its values that are in the map: padding does not count. */
        AVERAGE,
        /** The mean of the whole map: kernel, stride and padding do not apply. */
        GLOBAL_AVERAGE,
        /** The largest value of the whole map. */
        GLOBAL_MAX;

        /** Whether the window is the whole map. */
        public boolean isGlobal() {
            return this == GLOBAL_AVERAGE || this == GLOBAL_MAX;
        }
    }

    /** The mean of every map. */
    public static PoolingShape globalAverage(ChannelShape input) {
        return new PoolingShape(input, Method.GLOBAL_AVERAGE, 0, 0, 0);
    }

    /** Rows of a window. */
    public int windowHeight() {
        return method.isGlobal() ? input.height() : kernel;
    }

    /** Columns of a window. */
    public int windowWidth() {
        return method.isGlobal() ? input.width() : kernel;
    }

    /** Step of the windows; 1 where there is but one. */
    public int step() {
        return method.isGlobal() ? 1 : stride;
    }

    /** Rows of the output. */
    public int outHeight() {
        return (input.height() + 2 * padding - windowHeight()) / step() + 1;
    }

    /** Columns of the output. */
    public int outWidth() {
        return (input.width() + 2 * padding - windowWidth()) / step() + 1;
    }
}
